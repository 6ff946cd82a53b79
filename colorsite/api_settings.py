"""Settings of the API's framework and of its schema, the same on every site."""

from __future__ import annotations

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "gallery.api.authentication.SessionTokenAuthentication",
        "gallery.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["gallery.api.permissions.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "gallery.api.parsers.JSONParser",
        "gallery.api.parsers.FormParser",
        "gallery.api.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "gallery.api.pagination.NewestFirstPagination",
    "DEFAULT_SCHEMA_CLASS": "gallery.api.schema.operations.OperationSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "gallery.api.throttles.UserThrottle",
        "gallery.api.throttles.MakingThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/minute"},
    "EXCEPTION_HANDLER": "gallery.api.problems.problem_handler",
    # Only the description of the API has two: elsewhere `format` is one more unknown parameter.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "DESCRIPTION": "Black-and-white photographs in color.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "gallery.api.schema.finish.finish",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AttemptOutcome": "jobs.models.Attempt.Outcome",
        "DeliveryStateEnum": "webhooks.models.Delivery.State",
        "EventTypeEnum": "webhooks.models.Event.Type",
        "ColorizationErrorCode": "gallery.api.job_state_serializers.COLORIZATION_ERRORS",
        "ApiKeyScopeEnum": "accounts.models.ApiKey.Scope",
        "HidingOrderDecisionEnum": "moderation.api.decision_serializers.HIDING_DECISIONS",
        "JobOrderDecisionEnum": "moderation.api.decision_serializers.JOB_DECISIONS",
        "MemberOrderDecisionEnum": "moderation.api.decision_serializers.MEMBER_DECISIONS",
        "ReportOrderDecisionEnum": "moderation.api.decision_serializers.REPORT_DECISIONS",
        "JobErrorCode": "gallery.api.job_state_serializers.JOB_ERRORS",
        "ProblemCode": "gallery.api.problems.ProblemCode",
        "ReportOutcome": "moderation.models.Report.Outcome",
        "StateEnum": "jobs.models.Job.State",
        "StatusEnum": "gallery.bulk.Status",
        "StorageKindNameEnum": "gallery.storage.NAMES",
        "UploadStateEnum": "filestore.models.Upload.State",
    },
}
