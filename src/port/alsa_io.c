#include <alsa/asoundlib.h>
#include <errno.h>
#include <string.h>

#include "alsa_internal.h"

#define WAIT_MS 100

static snd_pcm_sframes_t get(dt__alsa_side* side, unsigned char* bytes, int frame_count) {
  return side->is_mmap ? snd_pcm_mmap_readi(side->pcm, bytes, (snd_pcm_uframes_t)frame_count)
                       : snd_pcm_readi(side->pcm, bytes, (snd_pcm_uframes_t)frame_count);
}

static snd_pcm_sframes_t put(dt__alsa_side* side, const unsigned char* bytes, int frame_count) {
  return side->is_mmap ? snd_pcm_mmap_writei(side->pcm, bytes, (snd_pcm_uframes_t)frame_count)
                       : snd_pcm_writei(side->pcm, bytes, (snd_pcm_uframes_t)frame_count);
}

static size_t frame_bytes(const dt__alsa_side* side) {
  return (size_t)dt__sample_bytes(side->format) * (size_t)side->channels;
}

/* Playback begins full, so that a block has that long to arrive. */
static int fill_with_silence(dt__alsa_side* side) {
  memset(side->bytes, 0, side->bytes_size);
  for (int filled = 0; filled < side->buffer_frames;) {
    const int left = side->buffer_frames - filled;
    const snd_pcm_sframes_t done =
        put(side, side->bytes, left < side->period_frames ? left : side->period_frames);
    if (done == -EAGAIN || done == 0)
      return 0;
    if (done < 0)
      return (int)done;
    filled += (int)done;
  }
  return 0;
}

int dt__alsa_begin(dt__alsa* alsa) {
  dt__alsa_side* capture = &alsa->capture;
  dt__alsa_side* playback = &alsa->playback;
  int code = 0;
  if (capture->pcm != NULL) {
    (void)snd_pcm_drop(capture->pcm);
    code = snd_pcm_prepare(capture->pcm);
  }
  if (code >= 0 && playback->pcm != NULL) {
    (void)snd_pcm_drop(playback->pcm);
    code = snd_pcm_prepare(playback->pcm);
    if (code >= 0)
      code = fill_with_silence(playback);
    if (code >= 0 && !alsa->is_linked)
      code = snd_pcm_start(playback->pcm);
  }
  if (code >= 0 && capture->pcm != NULL)
    code = snd_pcm_start(capture->pcm);
  memset(&alsa->filter, 0, sizeof alsa->filter);
  return code;
}

int dt__alsa_wait(dt__alsa* alsa) {
  dt__alsa_side* leader = alsa->capture.pcm != NULL ? &alsa->capture : &alsa->playback;
  const int code = snd_pcm_wait(leader->pcm, WAIT_MS);
  if (code <= 0)
    return code;
  const snd_pcm_sframes_t there = snd_pcm_avail(leader->pcm);
  if (there < 0)
    return (int)there;
  return there >= leader->period_frames ? 1 : 0;
}

int64_t dt__alsa_period_us(dt__alsa* alsa) {
  dt__alsa_side* leader = alsa->capture.pcm != NULL ? &alsa->capture : &alsa->playback;
  const int64_t now_us = dt__now_us();
  snd_pcm_uframes_t there = 0;
  snd_htimestamp_t stamp = {0, 0};
  if (snd_pcm_htimestamp(leader->pcm, &there, &stamp) < 0)
    return now_us;
  const int64_t stamp_us = (int64_t)stamp.tv_sec * 1000000 + stamp.tv_nsec / 1000;
  /* A stamp of another clock, or none, is not near. */
  if (stamp_us > now_us || now_us - stamp_us > 1000000)
    return now_us;
  const dt_frame over = (dt_frame)there - leader->period_frames;
  return stamp_us - (int64_t)((double)over * 1e6 / (double)leader->rate_hz);
}

int dt__alsa_read(dt__alsa* alsa) {
  dt__alsa_side* side = &alsa->capture;
  if (side->pcm == NULL)
    return 0;
  for (int done = 0; done < side->period_frames;) {
    const snd_pcm_sframes_t got =
        get(side, side->bytes + (size_t)done * frame_bytes(side), side->period_frames - done);
    if (got < 0 && got != -EAGAIN)
      return (int)got;
    if (got <= 0 && snd_pcm_wait(side->pcm, WAIT_MS) <= 0)
      return -EPIPE; /* it said that the period was there */
    done += got > 0 ? (int)got : 0;
  }
  return 0;
}

int dt__alsa_write(dt__alsa* alsa) {
  dt__alsa_side* side = &alsa->playback;
  if (side->pcm == NULL)
    return 0;
  for (int done = 0; done < side->period_frames;) {
    const snd_pcm_sframes_t taken =
        put(side, side->bytes + (size_t)done * frame_bytes(side), side->period_frames - done);
    if (taken == -EAGAIN || taken == 0) {
      /* Its clock is slower than the capture's: what does not fit is lost. */
      dt__count(&alsa->port->core.counters.xruns, 1);
      return 0;
    }
    if (taken < 0)
      return (int)taken;
    done += (int)taken;
  }
  return 0;
}
