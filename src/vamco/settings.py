"""Every setting of the program, declared once; `docs/reference/settings.md` is generated from it."""

import secrets
import sys
from pathlib import Path
from typing import Any, Final

import dj_database_url

from vamco.vocabulary.environment import Setting

_CHECKOUT = Path(__file__).resolve().parents[2]
_SHIPPED = _CHECKOUT if (_CHECKOUT / "packs").is_dir() else Path(sys.prefix) / "share" / "vamco"

DECLARED: Final = {
    setting.name: setting
    for setting in (
        Setting(
            "VAMCO_HOME", "./var", "Folder of everything the program keeps: database, raw bytes, warehouse."
        ),
        Setting(
            "VAMCO_DATABASE_URL", "", "postgres://user:password@host/name; empty means SQLite in VAMCO_HOME."
        ),
        Setting(
            "VAMCO_WAREHOUSE_URL",
            "",
            "Folder or s3://bucket/prefix of the Parquet files; empty means VAMCO_HOME/warehouse.",
        ),
        Setting(
            "VAMCO_ENGINE_URL",
            "",
            "sc://host:port of a Spark Connect engine; empty means DuckDB in the process.",
        ),
        Setting("VAMCO_ENGINE_MEMORY", "768MB", "Memory that one query may use."),
        Setting("VAMCO_ENGINE_SECONDS", "60", "Seconds that one query may take."),
        Setting("VAMCO_PROVINCE", "tay-ninh", "The province served: a folder of VAMCO_PROVINCES_DIR."),
        Setting("VAMCO_PROVINCES_DIR", str(_SHIPPED / "provinces"), "Folder of the province profiles."),
        Setting("VAMCO_PACKS_DIR", str(_SHIPPED / "packs"), "Folder of the monitoring packs."),
        Setting(
            "VAMCO_LANGUAGE", "vi", "Language of the command line and of pages for new visitors: vi or en."
        ),
        Setting(
            "VAMCO_HOSTS",
            "localhost,127.0.0.1,[::1]",
            "Host names that the web server answers to, comma separated.",
        ),
        Setting(
            "VAMCO_HTTPS",
            "no",
            "yes when the server stands behind HTTPS: cookies become secure, HSTS is sent.",
        ),
        Setting("VAMCO_PORT", "8722", "Port of the web server on the loopback address."),
        Setting("VAMCO_MAX_DELIVERY_MB", "4096", "Largest delivery accepted, in megabytes."),
        Setting(
            "VAMCO_WATCHED_DIR",
            "",
            "Folder watched for deliveries (<agency>/<contract>/<period>/<file>); empty means none.",
        ),
        Setting(
            "VAMCO_WALL_WIDTH_MM",
            "2436",
            "Width of the wall of screens, in millimetres; the default is two by two 55-inch screens.",
        ),
        Setting("VAMCO_WALL_PIXELS", "3840x2160", "Pixels of the whole wall, width x height."),
        Setting("VAMCO_WALL_DISTANCE_M", "5", "Metres from the wall to the farthest reader."),
        Setting("VAMCO_WALL_SCENE_SECONDS", "30", "Seconds that the wall stays on a scene."),
    )
}

HOME = DECLARED["VAMCO_HOME"].path()
WAREHOUSE_URL = DECLARED["VAMCO_WAREHOUSE_URL"].text() or str(HOME / "warehouse")
ENGINE_URL = DECLARED["VAMCO_ENGINE_URL"].text()
ENGINE_MEMORY = DECLARED["VAMCO_ENGINE_MEMORY"].text()
ENGINE_SECONDS = DECLARED["VAMCO_ENGINE_SECONDS"].integer()
PROVINCE = DECLARED["VAMCO_PROVINCE"].text()
PROVINCES_DIR = DECLARED["VAMCO_PROVINCES_DIR"].path()
PACKS_DIR = DECLARED["VAMCO_PACKS_DIR"].path()
PORT = DECLARED["VAMCO_PORT"].integer()
MAX_DELIVERY_BYTES = DECLARED["VAMCO_MAX_DELIVERY_MB"].integer() * 1_000_000
WATCHED_DIR = DECLARED["VAMCO_WATCHED_DIR"].text()
WALL_WIDTH_MM = DECLARED["VAMCO_WALL_WIDTH_MM"].decimal()
WALL_PIXELS = DECLARED["VAMCO_WALL_PIXELS"].pixels()
WALL_DISTANCE_M = DECLARED["VAMCO_WALL_DISTANCE_M"].decimal()
WALL_SCENE_SECONDS = DECLARED["VAMCO_WALL_SCENE_SECONDS"].integer()


def _secret_key() -> str:
    """The key of this installation: made once, kept in HOME, readable by its owner only."""
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


_SQLITE_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
)


def _database() -> dict[str, Any]:
    url = DECLARED["VAMCO_DATABASE_URL"].text()
    if url:
        return dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "vamco.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_PRAGMAS},
        "TEST": {"NAME": HOME / "test.sqlite3"},
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = DECLARED["VAMCO_HOSTS"].text().split(",")
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Person"
ROOT_URLCONF = "vamco.urls"
WSGI_APPLICATION = "vamco.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "vamco.accounts",
    "vamco.warehouse",
    "vamco.deadlines",
    "vamco.notifying",
    "vamco.intake",
    "vamco.indicators",
    "vamco.alerts",
    "vamco.directives",
    "vamco.briefings",
    "vamco.flow",
    "vamco.web",
]
MIDDLEWARE = [
    "vamco.web.middleware.SecurityHeaders",  # outermost: what the others refuse wears the headers too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vamco.web.middleware.SayErrors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "vamco.web.middleware.DenyByDefault",
    "vamco.web.counting.CountUses",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).with_name("web")],  # each screen keeps its templates beside its views
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
USES_WRITTEN_EVERY_SECONDS = 60

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

LANGUAGE_CODE = DECLARED["VAMCO_LANGUAGE"].text()
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

_https = DECLARED["VAMCO_HTTPS"].boolean()
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # anybody can send a wrong Host, and the answer says so
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
