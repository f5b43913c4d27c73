#include <alsa/asoundlib.h>
#include <errno.h>

#include "alsa_internal.h"

static const snd_pcm_format_t formats[DT__SAMPLE_FORMAT_COUNT] = {
    SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S24_3LE,
    SND_PCM_FORMAT_S16_LE};

static void say_nothing(const char* file, int line, const char* function, int code,
                        const char* format, ...) {
  (void)file, (void)line, (void)function, (void)code, (void)format;
}

static void set_quiet(void) {
  snd_lib_error_set_handler(say_nothing);
}

void dt__alsa_be_quiet(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, set_quiet);
}

dt_status dt__alsa_fails(dt_error* err, int code, const char* what, const char* name) {
  switch (-code) {
  case ENOENT:
  case ENODEV:
  case ENXIO:
    return dt_fail(err, DT_NOT_FOUND, "There is no %s called \"%.100s\"", what, name);
  case EBUSY:
    return dt_fail(err, DT_IO, "The %s \"%.100s\" is in use by another program", what, name);
  case EACCES:
  case EPERM:
    return dt_fail(err, DT_IO, "The %s \"%.100s\" may not be used by you (group audio?)", what,
                   name);
  case ENOMEM:
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  default:
    return dt_fail(err, DT_IO, "The %s \"%.100s\" fails (%s)", what, name, snd_strerror(code));
  }
}

static dt_status side_fails(const dt__alsa_side* side, dt_error* err, int code) {
  return dt__alsa_fails(err, code, side->is_out ? "playback device" : "capture device", side->name);
}

static dt_status choose_access(dt__alsa_side* side, snd_pcm_hw_params_t* hw, dt_error* err) {
  side->is_mmap = false;
  int code = snd_pcm_hw_params_set_access(side->pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED);
  if (code < 0) {
    side->is_mmap = true;
    code = snd_pcm_hw_params_set_access(side->pcm, hw, SND_PCM_ACCESS_MMAP_INTERLEAVED);
  }
  return code < 0 ? side_fails(side, err, code) : DT_OK;
}

static dt_status choose_format(dt__alsa_side* side, snd_pcm_hw_params_t* hw, dt_error* err) {
  for (int f = 0; f < DT__SAMPLE_FORMAT_COUNT; ++f)
    if (snd_pcm_hw_params_set_format(side->pcm, hw, formats[f]) == 0) {
      side->format = (dt__sample_format)f;
      return DT_OK;
    }
  return dt_fail(err, DT_UNSUPPORTED, "\"%.100s\" has no sample format that is known here",
                 side->name);
}

static dt_status choose_channels(dt__alsa_side* side, snd_pcm_hw_params_t* hw, dt_error* err) {
  unsigned least = 0;
  unsigned most = 0;
  snd_pcm_hw_params_get_channels_min(hw, &least);
  snd_pcm_hw_params_get_channels_max(hw, &most);
  if (most < (unsigned)side->channels)
    return dt_fail(err, DT_UNSUPPORTED, "\"%.100s\" has %u channels, not %d", side->name, most,
                   side->channels);
  if (least > DT_PORT_CHANNELS_MAX)
    return dt_fail(err, DT_UNSUPPORTED, "\"%.100s\" has more than %d channels", side->name,
                   DT_PORT_CHANNELS_MAX);
  unsigned channels = least > (unsigned)side->channels ? least : (unsigned)side->channels;
  const int code = snd_pcm_hw_params_set_channels_near(side->pcm, hw, &channels);
  if (code < 0 || channels < (unsigned)side->channels || channels > DT_PORT_CHANNELS_MAX)
    return code < 0 ? side_fails(side, err, code)
                    : dt_fail(err, DT_UNSUPPORTED, "\"%.100s\" cannot do %d channels", side->name,
                              side->channels);
  side->channels = (int)channels;
  return DT_OK;
}

static dt_status choose_rate(dt__alsa_side* side, snd_pcm_hw_params_t* hw, dt_error* err) {
  if (side->rate_hz != 0) {
    if (snd_pcm_hw_params_set_rate(side->pcm, hw, (unsigned)side->rate_hz, 0) == 0)
      return DT_OK;
    return dt_fail(err, DT_UNSUPPORTED, "\"%.100s\" cannot do %d Hz", side->name, side->rate_hz);
  }
  unsigned rate_hz = 48000;
  const int code = snd_pcm_hw_params_set_rate_near(side->pcm, hw, &rate_hz, NULL);
  side->rate_hz = (int)rate_hz;
  return code < 0 ? side_fails(side, err, code) : DT_OK;
}

static dt_status choose_buffer(dt__alsa_side* side, snd_pcm_hw_params_t* hw, int periods,
                               dt_error* err) {
  snd_pcm_uframes_t period = (snd_pcm_uframes_t)side->period_frames;
  int code = snd_pcm_hw_params_set_period_size_near(side->pcm, hw, &period, NULL);
  snd_pcm_uframes_t buffer = period * (snd_pcm_uframes_t)periods;
  if (code == 0)
    code = snd_pcm_hw_params_set_buffer_size_near(side->pcm, hw, &buffer);
  if (code < 0)
    return side_fails(side, err, code);
  if (buffer < 2 * period || period > DT_PORT_BLOCK_MAX)
    return dt_fail(err, DT_UNSUPPORTED, "\"%.100s\" cannot do periods of %d frames", side->name,
                   side->period_frames);
  side->period_frames = (int)period;
  side->buffer_frames = (int)buffer;
  return DT_OK;
}

static dt_status set_hardware(dt__alsa_side* side, int periods, dt_error* err) {
  snd_pcm_hw_params_t* hw = NULL;
  int code = snd_pcm_hw_params_malloc(&hw);
  if (code < 0)
    return side_fails(side, err, code);
  code = snd_pcm_hw_params_any(side->pcm, hw);
  dt_status status = code < 0 ? side_fails(side, err, code) : choose_access(side, hw, err);
  if (status == DT_OK)
    status = choose_format(side, hw, err);
  if (status == DT_OK)
    status = choose_channels(side, hw, err);
  if (status == DT_OK)
    status = choose_rate(side, hw, err);
  if (status == DT_OK)
    status = choose_buffer(side, hw, periods, err);
  if (status == DT_OK && (code = snd_pcm_hw_params(side->pcm, hw)) < 0)
    status = side_fails(side, err, code);
  snd_pcm_hw_params_free(hw);
  return status;
}

/* It starts when told, wakes after a period, and stamps by the clock that all else goes by. */
static dt_status set_software(dt__alsa_side* side, dt_error* err) {
  snd_pcm_sw_params_t* sw = NULL;
  int code = snd_pcm_sw_params_malloc(&sw);
  if (code < 0)
    return side_fails(side, err, code);
  snd_pcm_uframes_t never = 0;
  code = snd_pcm_sw_params_current(side->pcm, sw);
  if (code == 0)
    code = snd_pcm_sw_params_get_boundary(sw, &never);
  if (code == 0)
    code = snd_pcm_sw_params_set_start_threshold(side->pcm, sw, never);
  if (code == 0)
    code = snd_pcm_sw_params_set_avail_min(side->pcm, sw, (snd_pcm_uframes_t)side->period_frames);
  if (code == 0)
    code = snd_pcm_sw_params_set_tstamp_mode(side->pcm, sw, SND_PCM_TSTAMP_ENABLE);
  if (code == 0) /* not every plug-in can: their stamps are then not believed */
    (void)snd_pcm_sw_params_set_tstamp_type(side->pcm, sw, SND_PCM_TSTAMP_TYPE_MONOTONIC);
  if (code == 0)
    code = snd_pcm_sw_params(side->pcm, sw);
  snd_pcm_sw_params_free(sw);
  return code < 0 ? side_fails(side, err, code) : DT_OK;
}

dt_status dt__alsa_open_side(dt__alsa_side* side, int periods, dt_error* err) {
  const snd_pcm_stream_t stream = side->is_out ? SND_PCM_STREAM_PLAYBACK : SND_PCM_STREAM_CAPTURE;
  const int code = snd_pcm_open(&side->pcm, side->name, stream, SND_PCM_NONBLOCK);
  if (code < 0) {
    side->pcm = NULL;
    return side_fails(side, err, code);
  }
  dt_status status = set_hardware(side, periods, err);
  if (status == DT_OK)
    status = set_software(side, err);
  if (status != DT_OK)
    dt__alsa_close_side(side);
  return status;
}

void dt__alsa_close_side(dt__alsa_side* side) {
  if (side->pcm != NULL)
    snd_pcm_close(side->pcm);
  side->pcm = NULL;
}
