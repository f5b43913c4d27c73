#ifndef DT_HOME_H
#define DT_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where the player's own things are: the database, and beside it the setup, the practice log, own
 * charts and the plan. Nothing here is kept in memory; any thread.
 */
#define DT_HOME_PATH 4096 /* bytes of a path with its NUL */

/* $XDG_DATA_HOME/doubletime/doubletime.db, or ~/.local/share/doubletime/doubletime.db. False when
 * there is no home, or its name is too long. */
bool dt_home_database(char* path, size_t size);

/* The path of `name` in the folder that holds the database db (NULL: the player's own). False as
 * above. */
bool dt_home_beside(char* path, size_t size, const char* db, const char* name);

/* The path of a file in the home folder (NULL: the one that holds the player's own database). */
bool dt_home_file(char* path, size_t size, const char* home, const char* name);

/* Makes every folder above the file, for the owner's eyes only. False, and errno, where one cannot
 * be made. */
bool dt_home_make_folders(const char* path);

/* A name without its folders. */
const char* dt_home_file_name(const char* path);

/* "2026-03-01", "2026-03-01 18:30" or "2026-03-01T18:30:05", local time. A day alone is its
 * first second, or with `last` its last. False when it is no such moment. */
bool dt_home_read_moment(const char* text, bool last, int64_t* moment_s);

/* The day of a moment, local time, "2026-03-01"; size >= 11. */
void dt_home_write_day(int64_t moment_s, char* day, size_t size);

/* The day of a moment, local time, counted from 1970. */
int64_t dt_home_day(int64_t moment_s);
int64_t dt_home_today(void);

#endif
