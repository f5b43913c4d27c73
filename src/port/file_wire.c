#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cable.h"

static dt_status open_file(dt__wire* wire, dt_error* err) {
  /* Both ways, so that a pipe without a partner opens too. */
  wire->file = open(wire->name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (wire->file < 0)
    wire->file =
        open(wire->name, (wire->is_out ? O_WRONLY : O_RDONLY) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (wire->file >= 0)
    return DT_OK;
  return dt_fail(err, errno == ENOENT ? DT_NOT_FOUND : DT_IO,
                 "The MIDI device %.100s cannot be opened (%s)", wire->name, strerror(errno));
}

static void close_file(dt__wire* wire) {
  close(wire->file);
}

static int polls_of_file(dt__wire* wire, struct pollfd* polls) {
  polls[0] = (struct pollfd){.fd = wire->file, .events = POLLIN};
  return 1;
}

static ptrdiff_t read_file(dt__wire* wire, uint8_t* bytes, size_t size, int64_t* at_us) {
  const ssize_t got = read(wire->file, bytes, size);
  *at_us = dt__now_us();
  if (got > 0)
    return got;
  return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static ptrdiff_t write_file(dt__wire* wire, const uint8_t* bytes, size_t size) {
  const ssize_t put = write(wire->file, bytes, size);
  if (put >= 0)
    return put;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

const dt__wire_kind dt__file_wire = {open_file, close_file, polls_of_file, read_file, write_file};
