"""The ways out: one file per channel, one line here. The inbox is not among them: it is the Notice row itself."""

from collections.abc import Mapping

from notifications.channels import dingtalk, email, feishu, webhook, wecom
from notifications.channels.letter import Channel

CHANNELS: Mapping[str, Channel] = {
    "email": email.CHANNEL,
    "webhook": webhook.CHANNEL,
    "wecom": wecom.CHANNEL,
    "dingtalk": dingtalk.CHANNEL,
    "feishu": feishu.CHANNEL,
}
