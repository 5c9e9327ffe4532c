// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: A virtual CPU that spins in its guest, in one call of KVM_RUN for as long
 * as no signal ends that.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "gov.h"

#define CODE_AT	0x1000

static int must_ioctl(int fd, unsigned long request, unsigned long arg,
		      const char *what)
{
	int ret = ioctl(fd, request, arg);

	if (ret < 0)
		err(1, "%s", what);
	return ret;
}

/* In real mode, at an endless loop. Return: the virtual CPU. */
static int make_vcpu(void)
{
	struct kvm_userspace_memory_region memory = {
		.guest_phys_addr = CODE_AT, .memory_size = 4096,
	};
	struct kvm_regs regs = { .rip = CODE_AT, .rflags = 2 };
	struct kvm_sregs sregs;
	unsigned char *code;
	int kvm, vm, vcpu;

	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		err(1, "/dev/kvm");
	vm = must_ioctl(kvm, KVM_CREATE_VM, 0, "KVM_CREATE_VM");
	code = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (code == MAP_FAILED)
		err(1, "mmap");
	code[0] = 0xeb;		/* jmp . */
	code[1] = 0xfe;
	memory.userspace_addr = (unsigned long)code;
	must_ioctl(vm, KVM_SET_USER_MEMORY_REGION, (unsigned long)&memory,
		   "KVM_SET_USER_MEMORY_REGION");
	vcpu = must_ioctl(vm, KVM_CREATE_VCPU, 0, "KVM_CREATE_VCPU");
	must_ioctl(vcpu, KVM_GET_SREGS, (unsigned long)&sregs, "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	must_ioctl(vcpu, KVM_SET_SREGS, (unsigned long)&sregs, "KVM_SET_SREGS");
	must_ioctl(vcpu, KVM_SET_REGS, (unsigned long)&regs, "KVM_SET_REGS");
	return vcpu;
}

static void nothing(int sig __attribute__((unused)))
{
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = nothing };
	struct itimerval timer = { };
	int vcpu;

	if (argc > 2 || (argc == 2 && atoi(argv[1]) < 1)) {
		fputs("Usage: vcpu [MS]   spin in a guest; every MS leave it once\n",
		      stderr);
		return 2;
	}
	vcpu = make_vcpu();
	if (argc == 2) {
		timer.it_interval.tv_usec = atoi(argv[1]) * 1000;
		timer.it_value = timer.it_interval;
		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &timer, NULL);
	}
	for (;;)
		if (ioctl(vcpu, KVM_RUN, 0) < 0 && errno != EINTR)
			err(1, "KVM_RUN");
}
