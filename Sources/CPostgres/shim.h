#pragma once
#include <libpq-fe.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

// The flags of <sys/epoll.h> are an enum with a bit that does not fit Swift's imported type.
static const uint32_t kindred_epoll_in = EPOLLIN | EPOLLRDHUP;
static const uint32_t kindred_epoll_out = EPOLLOUT;
static const uint32_t kindred_epoll_oneshot = EPOLLONESHOT;
