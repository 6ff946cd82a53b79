"""Addresses of the API's part about moderation."""

from __future__ import annotations

from django.urls import path

from moderation.api import decisions, jobs, reporting, views

urlpatterns = [
    path(
        "colorizations/<uuid:pk>/reports/",
        reporting.ColorizationReports.as_view(),
        name="colorization-reports",
    ),
    path("moderation/reports/", views.ReportList.as_view(), name="report-list"),
    path(
        "moderation/reports/decisions/",
        views.ReportsDecisions.as_view(),
        name="reports-decisions",
    ),
    path("moderation/reports/<int:pk>/", views.ReportDetail.as_view(), name="report-detail"),
    path(
        "moderation/reports/<int:pk>/decisions/",
        views.ReportDecisions.as_view(),
        name="report-decisions",
    ),
    path("moderation/photos/", views.PhotoList.as_view(), name="moderated_photo-list"),
    path(
        "moderation/photos/decisions/",
        views.PhotosDecisions.as_view(),
        name="moderated_photos-decisions",
    ),
    path(
        "moderation/photos/<uuid:pk>/",
        views.PhotoDetail.as_view(),
        name="moderated_photo-detail",
    ),
    path(
        "moderation/photos/<uuid:pk>/decisions/",
        views.PhotoDecisions.as_view(),
        name="moderated_photo-decisions",
    ),
    path("moderation/albums/", views.AlbumList.as_view(), name="moderated_album-list"),
    path(
        "moderation/albums/decisions/",
        views.AlbumsDecisions.as_view(),
        name="moderated_albums-decisions",
    ),
    path(
        "moderation/albums/<uuid:pk>/",
        views.AlbumDetail.as_view(),
        name="moderated_album-detail",
    ),
    path(
        "moderation/albums/<uuid:pk>/decisions/",
        views.AlbumDecisions.as_view(),
        name="moderated_album-decisions",
    ),
    path("moderation/members/", views.MemberList.as_view(), name="member-list"),
    path(
        "moderation/members/decisions/",
        views.MembersDecisions.as_view(),
        name="members-decisions",
    ),
    path("moderation/members/<int:pk>/", views.MemberDetail.as_view(), name="member-detail"),
    path(
        "moderation/members/<int:pk>/decisions/",
        views.MemberDecisions.as_view(),
        name="member-decisions",
    ),
    path("moderation/jobs/", jobs.JobList.as_view(), name="moderated_job-list"),
    path(
        "moderation/jobs/decisions/",
        jobs.JobsDecisions.as_view(),
        name="moderated_jobs-decisions",
    ),
    path(
        "moderation/jobs/<uuid:pk>/",
        jobs.JobDetail.as_view(),
        name="moderated_job-detail",
    ),
    path(
        "moderation/jobs/<uuid:pk>/decisions/",
        jobs.JobDecisions.as_view(),
        name="moderated_job-decisions",
    ),
    path("moderation/decisions/", decisions.DecisionList.as_view(), name="decision-list"),
    path(
        "moderation/decisions/<int:pk>/",
        decisions.DecisionDetail.as_view(),
        name="decision-detail",
    ),
]
