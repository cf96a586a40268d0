"""The benchmark of matching by itself: python -m tests.benchmarks.matching_alone [records]"""

import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="uplift-bench-") as folder:
        os.environ |= {"UPLIFT_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "BROKER_URL": "memory://"}
        import django

        django.setup()
        measure(Path(folder), *map(int, sys.argv[1:2]))


def measure(folder: Path, records: int = 1_500_000) -> None:
    from .bench_matching import matching
    from .cluster import Cluster, national_settings, print_line

    with Cluster(folder, national_settings()).running() as cluster:
        cluster.make_template()
        print_line(str(matching(cluster, records=records)))


if __name__ == "__main__":
    main()
