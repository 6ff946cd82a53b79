"""Responses with the headers Location and Retry-After, and those that are known before a view has done anything."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from jobs.models import Job

POLL_SECONDS = 1


class ResponseKnownError(Exception):
    """A view need do nothing.

    Attributes:
        response: what it would respond.
    """

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__(response.status_code)
        self.response = response


def created(serializer: BaseSerializer[Any]) -> Response:
    headers = {"Location": _address(serializer)}
    return Response(serializer.data, status=status.HTTP_201_CREATED, headers=headers)


def accepted(serializer: BaseSerializer[Any]) -> Response:
    """202 while its job is open, 200 when it exists already and is finished."""
    response = pollable(serializer)
    if "Retry-After" in response:
        response.status_code = status.HTTP_202_ACCEPTED
    response["Location"] = _address(serializer)
    return response


def _address(serializer: BaseSerializer[Any]) -> str:
    """REST framework's is of a class of its own: WSGI servers may refuse what is no plain string."""
    return str(serializer.data["url"])


def pollable(serializer: BaseSerializer[Any]) -> Response:
    """With Retry-After while the job is not finished."""
    response = Response(serializer.data)
    record: Any = serializer.instance
    job: Job = record if isinstance(record, Job) else record.job
    if not job.is_finished:
        response["Retry-After"] = str(POLL_SECONDS)
    return response
