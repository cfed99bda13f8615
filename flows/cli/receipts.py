"""`rectify verify-receipt`: check a receipt file offline, wherever it has been kept since."""

from pathlib import Path

from campaigns.date_words import moment_words
from campaigns.documents.receipt_file import (
    ReadReceipt,
    fingerprint,
    names_file,
    read_receipt,
    same_fingerprint,
    signing_key,
)
from campaigns.errors import Invalid, Refusal
from campaigns.settings import settings
from flows.cli.console import say, why
from flows.serve.home import kept_key


def verify_receipt(file: Path, *papers: Path, key: str = "") -> None:
    """不联网核对一份回执文件：内容有没有改动、是谁签的；后面可以跟当时提交的照片和文件。

    Parameters
    ----------
    file
        回执页面下载的 .json 文件。
    papers
        当时提交的照片、文件原件（从系统里下载的），逐个核对是不是这份回执里的。
    key
        应急局公布的签名公钥指纹，打开系统网址后加 /receipt-key 就能看到；在装有系统的机器上可以不写，用本机的密钥核对。
    """
    receipt = read_receipt(_content(file))
    for line in _told(receipt):
        say(line)
    foreign = [paper for paper in papers if not names_file(receipt, _content(paper))]
    for paper in papers:
        say(f"{'×' if paper in foreign else '√'} {paper.name}")
    if foreign:
        raise Invalid(f"有{len(foreign)}个文件不是这份回执里的，或者被改动过。")
    _check_signer(receipt, key)
    say("√ 内容没有改动，签名有效。")


def _told(receipt: ReadReceipt) -> list[str]:
    sealed = receipt.sealed
    named = [f"{what}：{word}" for what, word in receipt.named.items() if word]
    return [
        f"回执 {sealed.receipt}",
        *named,
        f"提交人：{sealed.signer}",
        f"提交时间：{moment_words(sealed.submitted_at, seconds=True)}（北京时间）",
        *(["种类：零报告"] if sealed.nil else []),
        f"校验码：{receipt.sha256}",
        f"签名公钥指纹：{receipt.fingerprint}",
    ]


def _check_signer(receipt: ReadReceipt, key: str) -> None:
    secret = settings().secret.get_secret_value() or kept_key(settings().home, "session")
    known = key or (fingerprint(signing_key(secret).public_key()) if secret else "")
    if not known:
        raise Invalid(
            "内容没有改动，但还不知道是不是应急局签的。",
            advice="请用 --key 写上应急局公布的签名公钥指纹（网址后加 /receipt-key）。",
        )
    if not same_fingerprint(known, receipt.fingerprint):
        raise Invalid(
            f"这份回执不是这把密钥签的：应为 {known}。", advice="请核对指纹；系统换过密钥的，用换之前公布的指纹。"
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"打不开 {path}：{why(error)}。") from None
