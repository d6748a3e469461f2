/*
 * Loading and removing modules. Linux: kernel/module/main.c
 *
 * load_module() checks the file, places its sections, resolves symbols, applies relocations, makes
 * code and constants read-only, sets the parameters and runs init(). When a step fails, the steps
 * before it are undone.
 */
#include <uapi/capability.h>

#include "kernel/debug/debug.h"
#include "kernel/fs/fs.h"
#include "kernel/module/internal.h"
#include "kernel/process/process.h"
#include "kernel/syscalls.h"

#define MODULE_FILE_MAX (4ul << 20) /* what kmalloc() can give */
#define MODULE_ARGS_MAX 4096

static LIST_HEAD(modules);

static struct module *find_module(const char *name)
{
	struct module *mod;

	list_for_each_entry(mod, &modules, list) {
		if (!strcmp(mod->name, name))
			return mod;
	}
	return NULL;
}

/* Does the file say it was built for this kernel, and what it is called? */
static int check_modinfo(struct load_info *info)
{
	const char *vermagic = get_modinfo(info, "vermagic");
	const struct module *mod = (struct module *)(info->image + info->modsec->sh_offset);

	if (strnlen(mod->name, MODULE_NAME_LEN) == MODULE_NAME_LEN || !mod->name[0])
		return -ENOEXEC;
	info->name = mod->name;
	if (!vermagic || strcmp(vermagic, VERMAGIC_STRING)) {
		pr_err("%s: version magic '%s' should be '%s'\n", info->name,
		       vermagic ?: "(missing)", VERMAGIC_STRING);
		return -ENOEXEC;
	}
	return find_module(info->name) ? -EEXIST : 0;
}

static void free_module(struct module *mod)
{
	unsigned int i;

	list_del(&mod->list);
	for (i = 0; i < mod->layout->nr_sites; i++)
		kprobe_module_going(&mod->layout->sites[i]);
	free_layout(mod->layout); /* this frees the struct itself, too */
}

static int do_init_module(struct module *mod)
{
	int err = mod->init ? mod->init() : 0;

	if (err < 0) {
		mod->state = MODULE_STATE_GOING;
		free_module(mod);
		return err;
	}
	if (err > 0) {
		pr_warn("do_init_module: '%s'->init suspiciously returned %d, it should follow "
			"0/-E convention\ndo_init_module: loading module anyway...\n", mod->name, err);
		dump_stack();
	}
	mod->state = MODULE_STATE_LIVE;
	return 0;
}

/* Is @fn, a member of the module's struct, NULL or a place in the module's own code? */
static bool is_own_code(const struct load_layout *layout, const void *fn)
{
	return !fn || (unsigned long)fn - (unsigned long)layout->base < layout->text_pages * PAGE_SIZE;
}

/*
 * Place the sections, resolve symbols, relocate, make code and constants read-only. After this the
 * module could run.
 */
static int build_module(struct load_info *info)
{
	int err = layout_sections(info);

	if (!err)
		err = simplify_symbols(info);
	if (!err)
		err = apply_relocations(info);
	if (!err && !(is_own_code(info->layout, info->mod->init) &&
		      is_own_code(info->layout, info->mod->exit)))
		err = -ENOEXEC;
	if (!err)
		err = keep_symbols(info);
	if (!err)
		err = seal_sections(info->layout);
	return err;
}

/* @image: @len bytes, kept by the caller. @args: kmalloc()ed, consumed. */
static int load_module(char *image, size_t len, char *args)
{
	struct load_info info = { .image = image, .len = len };
	int err = elf_check(&info);
	unsigned int i;

	if (!err)
		err = check_modinfo(&info);
	if (!err)
		err = build_module(&info);
	if (err)
		goto out_free;
	info.layout->args = args;
	args = NULL;
	err = parse_args(info.name, info.layout->args, info.layout->params, info.layout->nr_params);
	if (err)
		goto out_free;
	info.mod->layout = info.layout;
	info.mod->state = MODULE_STATE_COMING;
	info.mod->refcnt = 0;
	list_add(&info.mod->list, &modules);
	for (i = 0; i < info.layout->nr_sites; i++)
		kprobe_module_coming(&info.layout->sites[i]);
	return do_init_module(info.mod);

out_free:
	kfree(args);
	free_layout(info.layout);
	return err;
}

static bool may_load(void)
{
	return capable(CAP_SYS_MODULE);
}

/* Ring 3's argument string in a buffer of its own, or ERR_PTR. */
static char *copy_args(const char __user *uargs)
{
	char *args = kmalloc(MODULE_ARGS_MAX, GFP_KERNEL);
	long len;

	if (!args)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(args, uargs, MODULE_ARGS_MAX);
	if (len >= 0 && len < MODULE_ARGS_MAX)
		return args;
	kfree(args);
	return ERR_PTR(len < 0 ? len : -EINVAL);
}

static int load_with_args(char *image, size_t len, const char __user *uargs)
{
	char *args = copy_args(uargs);

	return IS_ERR(args) ? (int)PTR_ERR(args) : load_module(image, len, args);
}

SYSCALL_DEFINE3(init_module, const void __user *, umod, unsigned long, len, const char __user *,
		uargs)
{
	char *image;
	int err;

	if (!may_load())
		return -EPERM;
	if (len < sizeof(Elf64_Ehdr))
		return -ENOEXEC;
	if (len > MODULE_FILE_MAX)
		return -ENOMEM;
	image = kmalloc(len, GFP_KERNEL);
	if (!image)
		return -ENOMEM;
	err = -EFAULT;
	if (!copy_from_user(image, umod, len))
		err = load_with_args(image, len, uargs);
	kfree(image);
	return err;
}

/* The whole of @file in a buffer: its size, or -errno. Linux: fs/kernel_read_file.c */
static ssize_t read_module_file(struct file *file, char **image)
{
	loff_t size = file->f_inode->i_size, pos = 0;
	ssize_t n;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!S_ISREG(file->f_inode->i_mode))
		return -EINVAL;
	if (deny_write_access(file))
		return -ETXTBSY;
	n = -EINVAL;
	if (size <= 0)
		goto out;
	n = -ENOMEM;
	if (size > (loff_t)MODULE_FILE_MAX)
		goto out;
	*image = kmalloc(size, GFP_KERNEL);
	if (!*image)
		goto out;
	n = kernel_read(file, *image, size, &pos);
	if (n < 0)
		kfree(*image);
out:
	allow_write_access(file);
	return n;
}

SYSCALL_DEFINE3(finit_module, int, fd, const char __user *, uargs, int, flags)
{
	struct file *file;
	ssize_t len;
	char *image;
	int err;

	if (!may_load())
		return -EPERM;
	if (flags) /* MODULE_INIT_IGNORE_* and compressed files: there are none */
		return -EINVAL;
	file = fget(fd);
	if (!file)
		return -EBADF;
	len = read_module_file(file, &image);
	fput(file);
	if (len < 0)
		return len;
	err = load_with_args(image, len, uargs);
	kfree(image);
	return err;
}

SYSCALL_DEFINE2(delete_module, const char __user *, name_user, unsigned int, flags __maybe_unused)
{
	char name[MODULE_NAME_LEN];
	struct module *mod;
	long len;

	if (!may_load())
		return -EPERM;
	len = strncpy_from_user(name, name_user, sizeof(name));
	if (len < 0)
		return -EFAULT;
	name[sizeof(name) - 1] = '\0';
	mod = find_module(name);
	if (!mod)
		return -ENOENT;
	if (mod->state != MODULE_STATE_LIVE || (mod->init && !mod->exit))
		return -EBUSY;
	if (mod->refcnt)
		return -EWOULDBLOCK;
	mod->state = MODULE_STATE_GOING;
	if (mod->exit)
		mod->exit();
	free_module(mod);
	return 0;
}

const char *module_address_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
				  const char **modname)
{
	struct module *mod;
	unsigned int i;

	list_for_each_entry(mod, &modules, list) {
		for (i = 0; i < mod->layout->nr_symbols; i++) {
			const struct module_symbol *sym = &mod->layout->symbols[i];

			if (addr - sym->addr >= max(sym->size, 1ul))
				continue;
			*size = sym->size;
			*offset = addr - sym->addr;
			*modname = mod->name;
			return sym->name;
		}
	}
	return NULL;
}

/* The address of @name in @mod, or 0. */
static unsigned long find_symbol_in(const struct module *mod, const char *name)
{
	unsigned int i;

	for (i = 0; i < mod->layout->nr_symbols; i++) {
		if (!strcmp(mod->layout->symbols[i].name, name))
			return mod->layout->symbols[i].addr;
	}
	return 0;
}

unsigned long module_kallsyms_lookup_name(const char *name)
{
	const char *colon = strchr(name, ':');
	struct module *mod;
	unsigned long addr;

	list_for_each_entry(mod, &modules, list) {
		if (colon && (strncmp(mod->name, name, colon - name) || mod->name[colon - name]))
			continue;
		addr = find_symbol_in(mod, colon ? colon + 1 : name);
		if (addr)
			return addr;
	}
	return 0;
}

void print_modules(void)
{
	struct module *mod;

	pr_emerg("Modules linked in:");
	list_for_each_entry(mod, &modules, list)
		pr_cont(" %s%s", mod->name, mod->state == MODULE_STATE_COMING ? "(+)" :
			mod->state == MODULE_STATE_GOING ? "(-)" : "");
	pr_cont("\n");
}

/* Readers without the right to see addresses get zeros. Linux: kernel/module/procfs.c */
static int show_modules(struct seq_file *m, void *v __maybe_unused)
{
	static const char *const states[] = { "Loading", "Live", "Unloading" };
	bool show_value = m->file->f_cred->cap_effective & BIT(CAP_SYSLOG);
	struct module *mod;

	list_for_each_entry(mod, &modules, list)
		seq_printf(m, "%s %lu %d - %s 0x%016lx\n", mod->name,
			   mod->layout->pages * PAGE_SIZE, mod->refcnt, states[mod->state],
			   show_value ? (unsigned long)mod->layout->base : 0);
	return 0;
}

void modules_init(void)
{
	proc_create_single("modules", 0, NULL, show_modules);
}
