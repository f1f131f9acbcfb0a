"""The addresses of the pages."""

from allauth.account import views as account  # pyright: ignore[reportMissingTypeStubs] - it has none
from django.contrib.auth.decorators import login_required
from django.urls import include, path, reverse_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from earlyphase.web.api.interface import interface
from earlyphase.web.views import (
    accounts,
    board,
    change,
    chart,
    data,
    decision,
    design,
    dlt,
    full_record,
    home,
    identity,
    journal,
    lab_paste,
    packet,
    paper,
    participant,
    participants,
    profile,
    record,
    results,
    safety,
    screening,
    signatures,
    team,
)

password_change = login_required(account.PasswordChangeView.as_view(success_url=reverse_lazy("home")))

_study = [
    path("", board.board, name="board"),
    path("participants/", participants.participants, name="participants"),
    path("participants/<str:number>/", participant.participant, name="participant"),
    path("participants/<str:number>/laboratory-paste/", lab_paste.lab_paste, name="lab_paste"),
    path("participants/<str:number>/chart/", chart.chart, name="chart"),
    path("participants/<str:number>/profile/", profile.profile, name="profile"),
    path("participants/<str:number>/profile.pdf", profile.profile_pdf, name="profile_pdf"),
    path("screening/", screening.screening, name="screening"),
    path("screening/<str:number>/", screening.screening_of, name="screening_of"),
    path("safety/", safety.safety, name="safety"),
    path("safety/<str:number>/", dlt.dlt, name="dlt"),
    path("participants/<str:number>/record/<slug:record>/", record.record, name="record_of_participant"),
    path("record/<slug:record>/", record.record, name="record_of_study"),
    path("record/<slug:record>/words/<str:field>/", record.words, name="words"),
    path("decision/", decision.decision, name="decision"),
    path("decision/packet/", packet.packet, name="packet"),
    path("decision/packet/<slug:kind>/", packet.packet_file, name="packet_file"),
    path("sign/", decision.sign, name="sign"),
    path("results/", results.results, name="results"),
    path("results/parts/<slug:part>/<slug:kind>/", results.part, name="results_part"),
    path("results/whole/<slug:kind>/", results.whole, name="results_whole"),
    path("data/", data.data, name="data"),
    path("data/participants/<str:number>/", data.data_of, name="data_of"),
    path("design/", design.design, name="design"),
    path("team/", team.team_page, name="team"),
    path("team/grant/", team.grant, name="grant"),
    path("team/<str:person>/end/", team.end, name="end_role"),
    path("team/accounts/", accounts.accounts, name="accounts"),
    path("team/accounts/add/", accounts.add, name="account_add"),
    path("team/<str:person>/<slug:what>/", accounts.account_act, name="account_act"),
    path("participants/<str:number>/whole/", full_record.full_record, name="full_record"),
    path("participants/<str:number>/whole.pdf", full_record.full_record_pdf, name="full_record_pdf"),
    path("participants/<str:number>/whole.json", full_record.full_record_json, name="full_record_json"),
    path("paper/", paper.papers, name="papers"),
    path("paper/<slug:record>/", paper.paper, name="paper"),
    path("signatures/", signatures.signatures, name="signatures"),
    path("identities/", identity.identity_log, name="identity_log"),
    path("participants/<str:number>/identity/", identity.identity, name="identity"),
    path("journal/", journal.journal, name="journal"),
    path("journal/export/", journal.export, name="export"),
    path("journal/export/<slug:kind>/", journal.export_found, name="export_found"),
    path("journal/verify/", journal.verified, name="verify"),
    path("entries/<int:number>/", journal.entry, name="entry"),
    path("entries/<int:number>/correct/", change.correct, name="correct"),
    path("entries/<int:number>/void/", change.void, name="void"),
]

_account = [
    path("log-in/", account.login, name="account_login"),
    path("log-out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/", password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("two-factor/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("api/", interface().urls),
    path("account/", include(_account)),
    path("language/", csrf_exempt(set_language), name="set_language"),  # no token: a public page is the same for all
    path("registry/", include("earlyphase.web.registry.urls")),
    path("studies/<str:study>/", include(_study)),
]

handler400 = "earlyphase.web.faults.bad_request"
handler403 = "earlyphase.web.faults.forbidden"
handler404 = "earlyphase.web.faults.not_found"
handler500 = "earlyphase.web.faults.broken_down"
