// Plays weeks with a shared object that the system here cannot load: arm64 KERNEL IMAGE WEEKS, under qemu.
// The image is the memory of a country as `test_elsewhere.py` lays it out for ADDRESS; its first word is the country's address.
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADDRESS ((char *)0x600000000)
#define ENTRY "sim.model.week.weeks"

static char *map(const char *path, char *at, size_t *size) {
    int file = open(path, O_RDWR);
    struct stat found;
    if (file < 0 || fstat(file, &found)) exit(2);
    *size = found.st_size;
    char *there = mmap(at, *size, PROT_READ | PROT_WRITE, at ? MAP_SHARED | MAP_FIXED : MAP_PRIVATE, file, 0);
    if (there == MAP_FAILED) exit(3);
    return there;
}

int main(int count, char **given) {
    size_t size;
    if (count != 4) return 1;
    char *file = map(given[1], NULL, &size);
    Elf64_Ehdr *head = (Elf64_Ehdr *)file;
    Elf64_Phdr *parts = (Elf64_Phdr *)(file + head->e_phoff);
    Elf64_Shdr *sections = (Elf64_Shdr *)(file + head->e_shoff);
    size_t end = 0;
    for (int i = 0; i < head->e_phnum; i++)
        if (parts[i].p_type == PT_LOAD && parts[i].p_vaddr + parts[i].p_memsz > end) end = parts[i].p_vaddr + parts[i].p_memsz;
    char *base = mmap(NULL, end, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) return 4;
    for (int i = 0; i < head->e_phnum; i++)
        if (parts[i].p_type == PT_LOAD) memcpy(base + parts[i].p_vaddr, file + parts[i].p_offset, parts[i].p_filesz);
    Elf64_Sym *symbols = NULL;
    char *names = NULL;
    size_t number = 0;
    for (int i = 0; i < head->e_shnum; i++)
        if (sections[i].sh_type == SHT_DYNSYM) {
            symbols = (Elf64_Sym *)(file + sections[i].sh_offset);
            number = sections[i].sh_size / sizeof(Elf64_Sym);
            names = file + sections[sections[i].sh_link].sh_offset;
        }
    for (int i = 0; i < head->e_shnum; i++) {
        if (sections[i].sh_type != SHT_RELA) continue;
        Elf64_Rela *all = (Elf64_Rela *)(file + sections[i].sh_offset);
        for (size_t r = 0; r < sections[i].sh_size / sizeof(Elf64_Rela); r++) {
            Elf64_Sym *symbol = symbols + ELF64_R_SYM(all[r].r_info);
            char *name = names + symbol->st_name, *target = base + symbol->st_value;
            if (ELF64_R_TYPE(all[r].r_info) == R_AARCH64_RELATIVE) target = base;
            else if (symbol->st_shndx == SHN_UNDEF) {
                if (strcmp(name, "memset") == 0) target = (char *)memset;
                else if (strcmp(name, "memcpy") == 0) target = (char *)memcpy;
                else if (strcmp(name, "memmove") == 0) target = (char *)memmove;
                else return fprintf(stderr, "nobody has %s\n", name), 5;
            }
            *(char **)(base + all[r].r_offset) = target + all[r].r_addend;
        }
    }
    __builtin___clear_cache(base, base + end);
    int32_t (*weeks)(int64_t *, int64_t *) = NULL;
    for (size_t i = 0; i < number; i++)
        if (strcmp(names + symbols[i].st_name, ENTRY) == 0) weeks = (void *)(base + symbols[i].st_value);
    if (!weeks) return 6;
    char *image = map(given[2], ADDRESS, &size);
    int64_t words[] = {*(int64_t *)image, 0, -1, atoll(given[3]), -1}, results[2] = {0, 0};
    if (weeks(words, results)) return 7;
    printf("%lld %lld\n", (long long)results[0], (long long)results[1]);
    return munmap(image, size);
}
