"""The addresses of the registry's pages. Everybody may read them."""

from django.urls import path

from earlyphase.web.registry import compare, posted_page, qualify, record, search

urlpatterns = [
    path("", search.search_page, name="registry"),
    path("feed/", search.feed, name="registry_feed"),
    path("compare/", compare.compare, name="registry_compare"),
    path("records/<path:number>/versions/", record.versions_page, name="registry_versions"),
    path("records/<path:number>/versions/feed/", record.versions_feed, name="registry_versions_feed"),
    path("records/<path:number>/posted/", posted_page.posted_page, name="registry_posted"),
    path("records/<path:number>/qualify/", qualify.qualify, name="registry_qualify"),
    path("records/<path:number>/", record.record_page, name="registry_record"),
]
