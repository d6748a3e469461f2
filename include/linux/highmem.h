/*
 * The memory of a page frame. Every frame is mapped for ever, so there is nothing to map.
 */
#ifndef INCLUDE_LINUX_HIGHMEM_H
#define INCLUDE_LINUX_HIGHMEM_H

#include <linux/mm.h>

#define kmap(page) page_address(page)
#define kunmap(page) ((void)(page))
#define kmap_atomic(page) page_address(page)
#define kunmap_atomic(address) ((void)(address))
#define kmap_local_page(page) page_address(page)
#define kunmap_local(address) ((void)(address))

#endif
