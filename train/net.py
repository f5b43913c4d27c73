"""The network, as src/ear/net.c runs it."""

import torch
from torch import nn

from front import EARLY, INPUTS, LONG_BANDS, SHORT_BANDS
from material import DRUMS

OUTPUTS = 5 + 5 + 2 * len(DRUMS)


class CausalConv(nn.Module):
    """Over (time, frequency): kt frames up to now, every second band; then batch norm and ReLU."""

    def __init__(self, inputs, outputs, kt, kf):
        super().__init__()
        self.kt = kt
        self.conv = nn.Conv2d(inputs, outputs, (kt, kf), stride=(1, 2), padding=(0, (kf - 1) // 2), bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        x = nn.functional.pad(x, (0, 0, self.kt - 1, 0))
        return torch.relu(self.norm(self.conv(x)))

    def folded(self):
        """Weights and bias with the batch norm in them."""
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        return self.conv.weight * scale[:, None, None, None], self.norm.bias - self.norm.running_mean * scale


class EarNet(nn.Module):
    def __init__(self, long=((16, 3, 5), (32, 3, 3), (48, 3, 3)), short=((16, 3, 3), (16, 3, 3)),
                 dense=128, hidden=192, layers=1, dropout=0.15):
        super().__init__()
        self.shape = dict(long=long, short=short, dense=dense, hidden=hidden, layers=layers)
        self.register_buffer("mean", torch.zeros(INPUTS))
        self.register_buffer("scale", torch.ones(INPUTS))

        def branch(channels, bands, shapes):
            convs = nn.ModuleList()
            for outputs, kt, kf in shapes:
                convs.append(CausalConv(channels, outputs, kt, kf))
                channels, bands = outputs, (bands + 1) // 2
            return convs, channels * bands

        self.long, a = branch(1, LONG_BANDS, long)
        self.short, b = branch(2, SHORT_BANDS, short)
        self.dense = nn.Linear(a + b, dense)
        self.dropout = nn.Dropout(dropout)
        self.gru = nn.ModuleList([nn.GRU(dense if i == 0 else hidden, hidden, batch_first=True)
                                  for i in range(layers)])
        self.head = nn.Linear(dense + hidden, OUTPUTS)
        nn.init.constant_(self.head.bias[:5], -3)
        nn.init.constant_(self.head.bias[10:22], -3.5)

    def forward(self, features, state=None):
        """(batch, frames, 120) to logits (batch, frames, 34) and the state to go on with."""
        x = (features - self.mean) * self.scale
        a = x[:, None, :, :LONG_BANDS]
        b = x[:, :, LONG_BANDS:].unflatten(2, (2, SHORT_BANDS)).transpose(1, 2)
        for conv in self.long:
            a = conv(a)
        for conv in self.short:
            b = conv(b)
        x = torch.cat([a.transpose(1, 2).flatten(2), b.transpose(1, 2).flatten(2)], 2)
        dense = self.dropout(torch.relu(self.dense(x)))
        y, states = dense, []
        for i, gru in enumerate(self.gru):
            y, last = gru(y, None if state is None else state[i])
            states.append(last)
            y = self.dropout(y)
        return self.head(torch.cat([dense, y], 2)), states


def speak(logits):
    """Logits to family_p, offset_s, drum_p, velocity (0..1)."""
    return (torch.sigmoid(logits[..., :5]), 0.010 * torch.tanh(logits[..., 5:10]),
            torch.sigmoid(logits[..., 10:22]), torch.sigmoid(logits[..., 22:34]))
