/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LIBCAPGOV_UTIL_H
#define LIBCAPGOV_UTIL_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BIT(n)			(1U << (n))
#define __printf(format, first)	__attribute__((__format__(printf, format, first)))

#endif /* LIBCAPGOV_UTIL_H */
