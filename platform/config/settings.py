"""The one settings file. What differs between installations is an environment variable (docs/operations.md)."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from environs import Env
from whitenoise.compress import Compressor

from config.clock import rings
from config.embedded import embedded_database
from config.secrets import stored_secret

# ModelAdmin[Partner] and the like: types that Django's classes take at run time only with this.
django_stubs_ext.monkeypatch()

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("UPLIFT_DATA", str(BASE_DIR / "var"))).resolve()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or stored_secret(DATA_DIR, "secret-key")
# Keys of the national identifiers and of the credentials: docs/decisions/0006-keys-outside-the-database.md
# The newest first; all of them are needed for ever: docs/decisions/0018-identity-keys-rotate.md
IDENTITY_KEYS = [
    key.strip() for key in (env.str("UPLIFT_IDENTITY_KEY", "") or stored_secret(DATA_DIR, "identity-key")).split(",")
]
# The first signs; the others (before a change of key) still verify.
SIGNING_KEYS = env.list("UPLIFT_SIGNING_KEY", []) or [stored_secret(DATA_DIR, "signing-key")]
DISCLOSURE_KEY = env.str("UPLIFT_DISCLOSURE_KEY", "") or stored_secret(DATA_DIR, "disclosure-key")
# Whoever sends it may read /metrics; without one there is no such page.
METRICS_TOKEN = env.str("UPLIFT_METRICS_TOKEN", "")
# Where the pages are served, and the address that people use for them.
HOST = env.str("UPLIFT_HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
# Where packages of others (SCORM and the like) are played, an origin of its own: docs/decisions/0020-packages.md
PACKAGES_URL = env.str(
    "UPLIFT_PACKAGES_URL", f"http://127.0.0.1:{PORT}" if f"http://localhost:{PORT}" == SITE_URL else ""
).rstrip("/")
WEB_PROCESSES = env.int("UPLIFT_WEB_PROCESSES", 2)
WORKER_PROCESSES = env.int("UPLIFT_WORKER_PROCESSES", 2)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# Residencies of the programs that this instance may hold; empty means any.
RESIDENCIES: list[str] = env.list("UPLIFT_RESIDENCIES", [])

INSTALLED_APPS = [
    "config",
    "accounts",
    "programs",
    "people",
    "courses.catalogue",
    "courses.achievements",
    "courses.learning",
    "courses.packages",
    "courses.authoring",
    "courses.returns",
    "courses.statements",
    "courses.matching",
    "courses.credentials",
    "reporting.counting",
    "reporting.pacing",
    "reporting.publishing",
    "reporting.dashboards",
    "reporting.exports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "courses.packages.host.PackagesHost",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.ReaderLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "programs.context_processors.program",
                "reporting.dashboards.context_processors.incidents",
            ],
            "builtins": [
                "programs.templatetags.figures",
                "programs.templatetags.counted",
                "programs.templatetags.kept",
                "django_htmx.templatetags.django_htmx",
            ],
        },
    }
]

# PostgreSQL everywhere: the embedded server in the data folder, or any other by DATABASE_URL.
EMBEDDED = not env.str("DATABASE_URL", "")
DATABASES: dict[str, dict[str, Any]] = {
    "default": embedded_database(DATA_DIR) if EMBEDDED else env.dj_db_url("DATABASE_URL")
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":  # anything else is refused by config/checks.py
    DATABASES["default"]["ENGINE"] = "config.connection"
# A process that hangs in the middle of a transaction holds what others wait for; it loses its connection instead.
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["options"] = f"-c idle_in_transaction_session_timeout=60s {_options.get('options', '')}".strip()
# The demonstration: invented people and one account a role. Off wherever a real server is named.
DEMO = env.bool("UPLIFT_DEMO", EMBEDDED)
DEMO_PASSWORD = env.str("UPLIFT_DEMO_PASSWORD", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "programs.sessions"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("UPLIFT_EMAIL_VERIFICATION", "optional")
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"

EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.dj_email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Uplift <uplift@localhost>")

LANGUAGE_CODE = "en"
# The languages that the pages are written in, each named in itself; a program's own names may have more.
LANGUAGES = [
    ("en", "English"),
    ("hi", "हिन्दी"),
    ("ta", "தமிழ்"),
    ("ms", "Bahasa Melayu"),
    ("zh-hans", "简体中文"),
    ("cy", "Cymraeg"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000  # a year: longer than any session
LANGUAGE_COOKIE_SAMESITE = "Lax"  # accounts/languages.py says the same
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "templates" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Compressing is most of the first start: nothing twice, and no maps for debuggers.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MEDIA_ROOT = DATA_DIR / "media"

# A return travels in one request; a larger file is refused with a message.
MAX_RETURN_BYTES = env.int("UPLIFT_MAX_RETURN_BYTES", 512 * 1024 * 1024)
# What a packed file may unpack to, and what of a workbook may have to be in memory.
MAX_UNPACKED_BYTES = env.int("UPLIFT_MAX_UNPACKED_BYTES", 4 * 1024 * 1024 * 1024)
MAX_WORKBOOK_BYTES = env.int("UPLIFT_MAX_WORKBOOK_BYTES", 512 * 1024 * 1024)
# What one request of xAPI may hold: statements with their attachments, or a document.
MAX_STATEMENTS_BYTES = env.int("UPLIFT_MAX_STATEMENTS_BYTES", 16 * 1024 * 1024)
# Where videos of courses may be embedded from.
VIDEO_HOSTS: list[str] = env.list("UPLIFT_VIDEO_HOSTS", ["www.youtube-nocookie.com", "player.vimeo.com"])
# What a package may have, packed; a larger one is refused before it is read.
MAX_PACKAGE_BYTES = env.int("UPLIFT_MAX_PACKAGE_BYTES", 500_000_000)
# On every page: nobody fills the disk with a larger file, signed in or not.
FILE_UPLOAD_HANDLERS = [
    "courses.returns.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-src": ["'self'", *(f"https://{host}" for host in VIDEO_HOSTS)],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "programs.unsent.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
if _https:  # so that no other host of the domain can set them: packages are played on one
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Else everybody behind the proxy would share its address, and with it one limit of sign-ins.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["programs.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "programs.api.problems.problem_response",
    "DEFAULT_THROTTLE_RATES": {"token": env.str("UPLIFT_API_RATE", "120/minute")},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Uplift",
    "DESCRIPTION": "Figures of national upskilling programs: people counted once, under the program's disclosure rule.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "defaultModelsExpandDepth": 0},
}

# Celery is the doorbell, never the ledger: work is found in rows (docs/decisions/0004-work-is-found-in-rows.md).
BROKER_URL = env.str("BROKER_URL", "") or "pgmq://localhost"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = rings(publish_seconds=env.float("UPLIFT_PUBLISH_SECONDS", 60.0))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
