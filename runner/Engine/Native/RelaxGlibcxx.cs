// An MSBuild task, compiled by Native.targets during the build and not part of the engine.
using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies libLibTorchSharp.so and marks its need of GLIBCXX_3.4.32 (GCC 13) as weak. That version stands for a single symbol,
/// a marker that every program built with GCC 13 and iostreams refers to and none calls; with a strong need the loader of
/// a host with an older libstdc++ refuses the library, with a weak one it goes on.
/// Layouts: System V ABI, "Symbol Versioning" (Elf64_Shdr 64 bytes, Verneed 16, Vernaux 16).
/// </summary>
public class RelaxGlibcxx : Task
{
    private const string Version = "GLIBCXX_3.4.32";
    private const uint SectionOfVersionNeeds = 0x6ffffffe;
    private const byte Weak = 0x2;

    [Required]
    public string Source { get; set; }

    [Required]
    public string Target { get; set; }

    public override bool Execute()
    {
        var elf = File.ReadAllBytes(Source);
        var relaxed = 0;
        if (elf.Length > 64 && BitConverter.ToUInt32(elf, 0) == 0x464c457f && elf[4] == 2)
        {
            relaxed = Relax(elf);
        }

        if (relaxed == 0)
        {
            // A newer TorchSharp may not need it any more; then this step has become idle and can go.
            Log.LogMessage(MessageImportance.High, "{0} does not need {1}: runner/Engine/Native can be removed.", Source, Version);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Target));
        var half = Target + ".tmp";
        File.WriteAllBytes(half, elf);
        File.Delete(Target);
        File.Move(half, Target);
        return true;
    }

    private static int Relax(byte[] elf)
    {
        var sections = (int)BitConverter.ToInt64(elf, 40);
        int sectionSize = BitConverter.ToUInt16(elf, 58), sectionCount = BitConverter.ToUInt16(elf, 60);
        var relaxed = 0;
        for (var section = sections; section < sections + (sectionCount * sectionSize); section += sectionSize)
        {
            if (BitConverter.ToUInt32(elf, section + 4) != SectionOfVersionNeeds)
            {
                continue;
            }

            var strings = sections + (BitConverter.ToInt32(elf, section + 40) * sectionSize);
            var names = (int)BitConverter.ToInt64(elf, strings + 24);
            for (int need = (int)BitConverter.ToInt64(elf, section + 24), next = -1; next != 0; need += next)
            {
                next = BitConverter.ToInt32(elf, need + 12);
                for (int aux = need + BitConverter.ToInt32(elf, need + 8), nextAux = -1; nextAux != 0; aux += nextAux)
                {
                    nextAux = BitConverter.ToInt32(elf, aux + 12);
                    if (Name(elf, names + BitConverter.ToInt32(elf, aux + 8)) == Version)
                    {
                        elf[aux + 4] |= Weak;
                        relaxed++;
                    }
                }
            }
        }

        return relaxed;
    }

    private static string Name(byte[] elf, int start) =>
        Encoding.ASCII.GetString(elf, start, Array.IndexOf(elf, (byte)0, start) - start);
}
