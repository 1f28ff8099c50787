"""The web server's entrance."""

import os

from django.core.wsgi import get_wsgi_application

from vamco.web.whole_body import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vamco.settings")
application = whole_bodies(get_wsgi_application())
