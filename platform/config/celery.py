"""The Celery application. Tasks are found in each package's tasks.py."""

import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.queue import queue_address

app = Celery("uplift")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(broker_url=settings.BROKER_URL)
if settings.BROKER_URL.startswith("pgmq:"):
    # A worker that was killed leaves its message invisible for so long. Nobody waits for it: beat rings again.
    options = {
        "conn_string": queue_address(settings.DATABASES["default"]),
        "init_extension": False,
        "visibility_timeout": 600,
        "wait_time_seconds": 0,
        "polling_interval": 0.2,
        "pool_size": 4,
    }
    # Remote control would leave a queue behind for every worker that ever ran.
    app.conf.update(broker_transport_options=options, worker_enable_remote_control=False)
# Our messages hold ids and dates as JSON; what Celery warns of under root is pickled code in messages.
warnings.simplefilter("ignore", SecurityWarning)
app.autodiscover_tasks()
