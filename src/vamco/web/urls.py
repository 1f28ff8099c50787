"""Every address of the program, each named as the role matrix names it."""

from django.urls import include, path, register_converter

from vamco.web.account import views as account
from vamco.web.api.api import api
from vamco.web.audit import views as audit
from vamco.web.briefings import views as briefings
from vamco.web.briefings.day import Day
from vamco.web.calendar import views as calendar
from vamco.web.compare import views as compare
from vamco.web.datasets import views as datasets
from vamco.web.deliveries import views as deliveries
from vamco.web.directives import files as directive_files
from vamco.web.directives import new as directive_writing
from vamco.web.directives import views as directives
from vamco.web.home import views as home
from vamco.web.indicators import views as indicators
from vamco.web.map import views as province_map
from vamco.web.notices import views as notices
from vamco.web.passport import views as passport
from vamco.web.search import views as search
from vamco.web.services import views as services
from vamco.web.sign_in import views as sign_in
from vamco.web.supply import views as supply
from vamco.web.units import views as units
from vamco.web.wall import views as wall
from vamco.web.watch import figures as alarms
from vamco.web.watch import listing as incidents
from vamco.web.watch import rules, shifts, silences
from vamco.web.watch import views as watch

register_converter(Day, "day")

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.ChangePassword.as_view(), name="password"),
    path("account/language/", account.choose_language, name="language"),
    path("account/theme/", account.choose_theme, name="theme"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/new/", deliveries.new_delivery, name="delivery-new"),
    path("deliveries/<int:delivery_id>/", deliveries.receipt, name="delivery"),
    path("deliveries/<int:delivery_id>/live/", deliveries.live, name="delivery-live"),
    path("deliveries/<int:delivery_id>/rejects/", deliveries.rejects, name="delivery-rejects"),
    path("deliveries/<int:delivery_id>/corrections/", deliveries.correct, name="delivery-correct"),
    path("deliveries/<int:delivery_id>/withdrawal/", deliveries.withdrawal, name="delivery-withdraw"),
    path("deliveries/<int:delivery_id>/difference/", deliveries.difference, name="delivery-difference"),
    path("deliveries/<int:delivery_id>/receipt.json", deliveries.receipt_file, name="delivery-receipt"),
    path("datasets/", datasets.datasets, name="datasets"),
    path("datasets/<slug:pack>.<slug:name>/", datasets.dataset, name="dataset"),
    path("briefing/", briefings.briefings, name="briefings"),
    path("briefing/<day:on>/", briefings.briefing, name="briefing"),
    path("briefing/<day:on>.pdf", briefings.briefing_pdf, name="briefing-pdf"),
    path("supply/", supply.board, name="supply"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/sign/", calendar.sign, name="calendar-sign"),
    path("watch/", watch.watch, name="watch"),
    path("watch/queue/", watch.queue, name="watch-queue"),
    path("watch/incidents/", incidents.incidents, name="incidents"),
    path("watch/incidents/<int:incident_id>/", watch.incident, name="incident"),
    path("watch/incidents/<int:incident_id>/<slug:deed>/", watch.incident_deed, name="incident-deed"),
    path("watch/rules/", rules.rules, name="rules"),
    path("watch/rules/<slug:pack>.<slug:name>/", rules.rule, name="rule"),
    path("watch/rules/<slug:pack>.<slug:name>/switch/", rules.rule_switch, name="rule-switch"),
    path("watch/figures/", alarms.figures, name="alarm-figures"),
    path("watch/silences/", silences.silences, name="silences"),
    path("watch/silences/<int:silence_id>/end/", silences.silence_end, name="silence-end"),
    path(
        "notifications/<int:notification_id>/resend/", notices.notification_resend, name="notification-resend"
    ),
    path("watch/shifts/", shifts.shifts, name="shifts"),
    path("watch/shifts/begin/", shifts.shift_begin, name="shift-begin"),
    path("watch/shifts/plan/", shifts.shift_plan, name="shift-plan"),
    path("watch/shifts/<int:shift_id>/hand-over/", shifts.shift_hand_over, name="shift-hand-over"),
    path("directives/", directives.directives, name="directives"),
    path("directives/mine/", directives.mine, name="directives-mine"),
    path("directives/new/", directive_writing.directive_new, name="directive-new"),
    path("directives/weekly.xlsx", directive_files.directives_xlsx, name="directives-xlsx"),
    path("directives/weekly.pdf", directive_files.directives_pdf, name="directives-pdf"),
    path("directives/calendar.ics", directive_files.directives_calendar, name="directives-calendar"),
    path("directives/<int:directive_id>/", directives.directive, name="directive"),
    path("directives/<int:directive_id>/verdict/", directives.directive_judge, name="directive-judge"),
    path("directives/<int:directive_id>/end/", directives.directive_end, name="directive-end"),
    path("directives/assignments/<int:assignment_id>/", directives.assignment, name="assignment"),
    path(
        "directives/assignments/<int:assignment_id>/<slug:verb>/",
        directives.assignment_act,
        name="assignment-act",
    ),
    path("directives/evidence/<int:evidence_id>/", directives.directive_evidence, name="directive-evidence"),
    path("wall/", wall.wall, name="wall"),
    path("wall/snapshot/", wall.snapshot, name="wall-snapshot"),
    path("wall/open/", wall.open_wall, name="wall-open"),
    path("map/shapes/", province_map.shapes, name="map-shapes"),
    path("map/classes/", province_map.classes, name="map-classes"),
    path("services/", services.services, name="services"),
    path("services/<slug:slug>/", services.service, name="service"),
    path("services/<slug:slug>/sections/<int:number>/", services.service_section, name="service-section"),
    path("services/<slug:slug>/sections/<int:number>/file/", services.service_file, name="service-file"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/<slug:pack>.<slug:name>/", indicators.indicator, name="indicator"),
    path("indicators/<slug:pack>.<slug:name>/file/", indicators.indicator_file, name="indicator-file"),
    path("compare/", compare.compare, name="compare"),
    path("compare/file/", compare.compare_file, name="compare-file"),
    path("units/", units.units, name="units"),
    path("units/<str:code>/", units.unit, name="unit"),
    path("search/", search.search, name="search"),
    path("passports/", passport.passport, name="passport"),
    path("passports/rows/", passport.rows, name="passport-rows"),
    path("audit/", audit.audit, name="audit"),
    path("api/v1/", api.urls),
    path("iceberg/", include("vamco.web.iceberg.urls")),
]
