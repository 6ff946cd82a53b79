# ruff: noqa: RUF001  (Chinese has punctuation of its own)
"""What went wrong, in the reader's language: also where a worker or another process has said it, or it was kept."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from gallery.models import Album
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.factories import (
    begin_upload,
    make_album,
    make_colorization,
    make_photo,
    make_upload,
    make_user,
    picture_bytes,
)

pytestmark = pytest.mark.django_db(transaction=True)

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
PICTURE = picture_bytes()


@pytest.fixture
def user() -> User:
    return make_user()


def detail(user: User, content: bytes, status: int, code: str, headers: Any = None) -> str:
    body = {"image": make_upload(content)}
    response = client_of(user).post(address("photo-list"), body, headers=headers)
    return str(assert_problem(response, status, code)["detail"])


class Refused(NamedTuple):
    content: bytes
    status: int
    code: str
    english: str
    chinese: str
    limits: dict[str, int]


REFUSED = [
    Refused(
        b"\0" * 2048,
        413,
        "file_too_large",
        "The file is larger than 1.0\xa0KB (2.0\xa0KB).",
        "文件大于 1.0\xa0KB（2.0\xa0KB）。",
        {"MAX_UPLOAD_BYTES": 1024},
    ),
    Refused(
        picture_bytes(8, 9),
        400,
        "too_small",
        "The picture is 8 x 9 pixels; it needs at least 16 on each side.",
        "图片为 8 x 9 像素；每边至少需要 16 像素。",
        {},
    ),
    Refused(
        picture_bytes(1200, 20),
        400,
        "too_many_pixels",
        "The picture has 1,200 x 20 pixels (0.024 megapixels); at most 0.001 megapixels are accepted. Make it smaller.",
        "图片为 1,200 x 20 像素（0.024 百万像素）；最多接受 0.001 百万像素。请缩小图片。",
        {"MAX_UPLOAD_PIXELS": 1000},
    ),
    Refused(
        PICTURE[: len(PICTURE) // 4],
        400,
        "damaged_picture",
        "The picture is damaged or was not sent completely.",
        "图片已损坏或未完整发送。",
        {},
    ),
    Refused(
        b"no picture at all",
        415,
        "unsupported_format",
        "This is neither a picture nor a film that can be read. Use JPEG, PNG, TIFF, WebP, AVIF, HEIC, BMP or GIF, "
        "or for films MP4, MOV, MKV, WebM, AVI or MPEG.",
        "这既不是可读取的图片，也不是可读取的影片。请使用 JPEG、PNG、TIFF、WebP、AVIF、HEIC、BMP 或 GIF；"
        "影片请使用 MP4、MOV、MKV、WebM、AVI 或 MPEG。",
        {},
    ),
]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.code)
def test_why_a_file_is_refused(user: User, settings: Settings, refused: Refused) -> None:
    for name, value in refused.limits.items():
        setattr(settings, name, value)
    asked = (refused.content, refused.status, refused.code)
    assert detail(user, *asked) == refused.english
    assert detail(user, *asked, CHINESE) == refused.chinese


def test_why_there_is_no_room() -> None:
    user = make_user(quota_bytes=100 * 1024)
    content = PICTURE + b"\0" * 100 * 1024
    english, chinese = (
        detail(user, content, 507, "quota_exceeded", headers) for headers in (None, CHINESE)
    )
    assert english.startswith(
        "There is no room for this photo: your storage of 100.0\xa0KB is full."
    )
    assert chinese.startswith("没有空间存放这张照片：您的 100.0\xa0KB 存储空间已满。")


def test_a_refusal_that_is_remembered(user: User) -> None:
    upload = begin_upload(user, picture_bytes(8, 9))
    client = client_of(user)
    client.post(address("upload-photos", upload), headers=CHINESE)
    english = client.get(address("upload-detail", upload)).json()["error_text"]
    assert english == "The picture is 8 x 9 pixels; it needs at least 16 on each side."
    chinese = client.get(address("upload-detail", upload), headers=CHINESE).json()["error_text"]
    assert chinese == "图片为 8 x 9 像素；每边至少需要 16 像素。"


def test_why_a_worker_could_not_color_a_photo(user: User) -> None:
    colorization = make_colorization(make_photo(make_album(user)), Job.State.FAILED)
    Job.objects.filter(pk=colorization.job.pk).update(
        error_text="The worker died %(times)d times while it ran this job. %(advice)s",
        error_params={
            "times": 3,
            "advice": {"text": "Try a lower render factor, or a smaller photo."},
        },
    )
    texts = [
        client_of(user)
        .get(address("colorization-detail", colorization), headers=headers)
        .json()["error_text"]
        for headers in ({}, CHINESE)
    ]
    assert texts == [
        "The worker died 3 times while it ran this job. Try a lower render factor, or a smaller photo.",
        "处理此任务的工作进程已中断 3 次。请尝试较低的渲染系数或较小的照片。",
    ]


def test_the_page_of_a_photo_says_it_in_the_language_that_its_owner_chose(user: User) -> None:
    user.language = "zh-hans"
    user.save()
    photo = make_photo(make_album(user))
    colorization = make_colorization(photo, Job.State.FAILED)
    Job.objects.filter(pk=colorization.job.pk).update(
        error_text="The picture is damaged: %(cause)s", error_params={"cause": "no end"}
    )
    page = client_of(user).get(photo.get_absolute_url()).content.decode()
    assert "图片已损坏：no end" in page
    assert "The picture is damaged" not in page


def test_the_default_album_is_the_same_in_all_languages(user: User) -> None:
    for headers in (CHINESE, None):
        body = {"image": make_upload()}
        assert client_of(user).post(address("photo-list"), body, headers=headers).status_code == 201
    assert [album.title for album in Album.objects.filter(owner=user)] == ["我的照片"]


def test_other_problems(user: User, settings: Settings) -> None:
    make_colorization(make_photo(make_album(user)), Job.State.QUEUED)
    settings.MAX_OPEN_JOBS = 1
    photo = make_photo(make_album(user))
    response = client_of(user).post(
        address("photo-colorizations", photo), {"variant": "stable"}, headers=CHINESE
    )
    assert (
        "您有 1 个等待中或进行中的任务" in assert_problem(response, 429, "too_many_jobs")["detail"]
    )
    unknown = client_of(user).get("/api/v1/nothing/", headers=CHINESE)
    assert assert_problem(unknown, 404, "not_found")["detail"].startswith("此 API 中没有这个地址")


def test_the_texts_of_choices_are_translated_when_they_are_shown() -> None:
    with translation.override("zh-hans"):
        assert str(Job.State.QUEUED.label) == "排队中"
    assert str(Job.State.QUEUED.label) == "Queued"
