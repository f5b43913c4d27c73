#include <alsa/asoundlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alsa_list.h"

/* ---------------------------------------------------------------- MIDI */

static bool has_port(snd_ctl_t* card, snd_rawmidi_info_t* about, int device, bool is_out) {
  snd_rawmidi_info_set_device(about, (unsigned)device);
  snd_rawmidi_info_set_subdevice(about, 0);
  snd_rawmidi_info_set_stream(about, is_out ? SND_RAWMIDI_STREAM_OUTPUT : SND_RAWMIDI_STREAM_INPUT);
  return snd_ctl_rawmidi_info(card, about) == 0;
}

/* Ports of one card, and the name of its first. */
static int count_midi(snd_ctl_t* card, int number, bool is_out, char first[32]) {
  snd_rawmidi_info_t* about = NULL;
  if (snd_rawmidi_info_malloc(&about) != 0)
    return 0;
  int count = 0;
  int device = -1;
  while (snd_ctl_rawmidi_next_device(card, &device) == 0 && device >= 0) {
    if (!has_port(card, about, device, is_out))
      continue;
    if (count == 0)
      (void)snprintf(first, 32, "hw:%d,%d,0", number, device);
    count += (int)snd_rawmidi_info_get_subdevices_count(about);
  }
  snd_rawmidi_info_free(about);
  return count;
}

bool dt__alsa_first_midi(bool is_out, char name[DT_PORT_NAME_MAX]) {
  int number = -1;
  while (snd_card_next(&number) == 0 && number >= 0) {
    char card_name[32];
    char first[32] = "";
    snd_ctl_t* card = NULL;
    (void)snprintf(card_name, sizeof card_name, "hw:%d", number);
    if (snd_ctl_open(&card, card_name, SND_CTL_NONBLOCK) != 0)
      continue;
    const int count = count_midi(card, number, is_out, first);
    snd_ctl_close(card);
    if (count > 0) {
      dt__copy_text(name, DT_PORT_NAME_MAX, first);
      return true;
    }
  }
  return false;
}

/* ---------------------------------------------------------------- sound */

/* Asks without waiting; a device that is in use keeps its secrets. */
static void probe(dt_port_device* device, const char* name, bool is_out) {
  const snd_pcm_stream_t stream = is_out ? SND_PCM_STREAM_PLAYBACK : SND_PCM_STREAM_CAPTURE;
  int* channels = is_out ? &device->out_channels : &device->in_channels;
  snd_pcm_t* pcm = NULL;
  const int code = snd_pcm_open(&pcm, name, stream, SND_PCM_NONBLOCK);
  if (code == -EBUSY)
    dt__copy_text(device->note, sizeof device->note, "In use by another program");
  if (code < 0) {
    *channels = code == -EBUSY ? -1 : 0;
    return;
  }
  snd_pcm_hw_params_t* hw = NULL;
  if (snd_pcm_hw_params_malloc(&hw) == 0 && snd_pcm_hw_params_any(pcm, hw) >= 0) {
    unsigned value = 0;
    if (snd_pcm_hw_params_get_channels_max(hw, &value) == 0)
      *channels = (int)(value < DT_PORT_CHANNELS_MAX ? value : DT_PORT_CHANNELS_MAX);
    if (snd_pcm_hw_params_get_rate_min(hw, &value, NULL) == 0)
      device->rate_low_hz = (int)value;
    if (snd_pcm_hw_params_get_rate_max(hw, &value, NULL) == 0)
      device->rate_high_hz = (int)value;
  }
  if (hw != NULL)
    snd_pcm_hw_params_free(hw);
  snd_pcm_close(pcm);
}

static dt_status list_card(dt_port_devices* devices, const dt_allocator* allocator, int number) {
  char name[32];
  char first[32];
  char* title = NULL;
  snd_ctl_t* card = NULL;
  (void)snprintf(name, sizeof name, "hw:%d", number);
  if (snd_ctl_open(&card, name, SND_CTL_NONBLOCK) != 0)
    return DT_OK;
  (void)snd_card_get_name(number, &title);
  const int midi_in = count_midi(card, number, false, first);
  const int midi_out = count_midi(card, number, true, first);
  dt_status status = DT_OK;
  int pcm = -1;
  bool is_first = true;
  while (status == DT_OK && snd_ctl_pcm_next_device(card, &pcm) == 0 &&
         (pcm >= 0 || (is_first && midi_in + midi_out > 0))) {
    (void)snprintf(name, sizeof name, pcm >= 0 ? "hw:%d,%d" : "hw:%d", number, pcm);
    dt_port_device* device = dt__devices_add(devices, allocator, "alsa", name);
    if (device == NULL) {
      status = DT_NO_MEMORY;
      break;
    }
    dt__copy_text(device->description, sizeof device->description, title != NULL ? title : name);
    device->midi_in_ports = is_first ? midi_in : 0;
    device->midi_out_ports = is_first ? midi_out : 0;
    is_first = false;
    device->in_channels = device->out_channels = 0;
    if (pcm < 0)
      break; /* a card for MIDI alone */
    probe(device, name, false);
    probe(device, name, true);
  }
  snd_ctl_close(card);
  free(title);
  return status;
}

static dt_status list_none(dt_port_devices* devices, const dt_allocator* allocator) {
  dt_port_device* device = dt__devices_add(devices, allocator, "alsa", "");
  if (device == NULL)
    return DT_NO_MEMORY;
  device->is_usable = false;
  dt__copy_text(device->description, sizeof device->description, "ALSA");
  dt__copy_text(device->note, sizeof device->note, "No sound card was found");
  return DT_OK;
}

/* What is no device but a way to reach one, or a converter, as Debian's plug-ins define them. */
static bool is_device(const char* name) {
  static const char* const others[] = {"null",  "lavrate",  "samplerate", "speexrate", "speex",
                                       "upmix", "vdownmix", "oss",        "usbstream"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i)
    if (strcmp(name, others[i]) == 0)
      return false;
  return strchr(name, ':') == NULL;
}

/* What a configuration defines besides the cards; only named, since asking may start servers. */
static dt_status list_named(dt_port_devices* devices, const dt_allocator* allocator) {
  void** hints = NULL;
  dt_status status = DT_OK;
  if (snd_device_name_hint(-1, "pcm", &hints) != 0)
    return DT_OK;
  for (void** hint = hints; status == DT_OK && *hint != NULL; ++hint) {
    char* name = snd_device_name_get_hint(*hint, "NAME");
    char* words = snd_device_name_get_hint(*hint, "DESC");
    char* direction = snd_device_name_get_hint(*hint, "IOID");
    const bool is_ours = name != NULL && is_device(name);
    dt_port_device* device = is_ours ? dt__devices_add(devices, allocator, "alsa", name) : NULL;
    if (device != NULL) {
      dt__copy_text(device->description, sizeof device->description, words ? words : name);
      device->description[strcspn(device->description, "\n")] = '\0';
      device->in_channels = direction != NULL && strcmp(direction, "Output") == 0 ? 0 : -1;
      device->out_channels = direction != NULL && strcmp(direction, "Input") == 0 ? 0 : -1;
    }
    status = is_ours && device == NULL ? DT_NO_MEMORY : DT_OK;
    free(name);
    free(words);
    free(direction);
  }
  (void)snd_device_name_free_hint(hints);
  return status;
}

dt_status dt__alsa_list(dt_port_devices* devices, const dt_allocator* allocator) {
  dt__alsa_be_quiet();
  const size_t before = devices->count;
  int number = -1;
  dt_status status = DT_OK;
  while (status == DT_OK && snd_card_next(&number) == 0 && number >= 0)
    status = list_card(devices, allocator, number);
  if (status == DT_OK && devices->count == before)
    status = list_none(devices, allocator);
  return status == DT_OK ? list_named(devices, allocator) : status;
}
