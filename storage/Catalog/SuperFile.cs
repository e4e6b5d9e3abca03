namespace NeuroDb.Storage;

/// <summary>
/// The file SUPER: two slots that say the same, so that one of them may be damaged.
/// </summary>
internal static class SuperFile
{
    private const int SlotSize = SuperBlock.SlotSizeBytes;

    /// <summary>Makes the file with both slots, durable but for its name.</summary>
    public static void Create(IFileSystem files, string path, SuperBlock super)
    {
        FileOpenKind kind = files.FileExists(path) ? FileOpenKind.Write : FileOpenKind.Create;
        using IFile file = files.Open(path, kind);
        var slots = new byte[2 * SlotSize];
        super.Encode(slots.AsSpan(0, SlotSize));
        super.Encode(slots.AsSpan(SlotSize));
        file.SetLength(slots.Length);
        file.Write(0, slots);
        file.Flush();
    }

    /// <summary>
    /// Reads the slots, of which one may be damaged or left behind by a crash. Nothing is written,
    /// because what the slot that counts leads to is not verified yet.
    /// </summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="check">Raises an error if it is not ours.</param>
    /// <param name="needsRepair">Whether <see cref="Repair"/> has something to do.</param>
    public static SuperBlock Read(
        IFileSystem files, string path, Action<SuperBlock> check, out bool needsRepair)
    {
        using IFile file = files.Open(path, FileOpenKind.Read);
        if (file.Length != 2L * SlotSize)
        {
            throw new CorruptionException(
                path, file.Length, $"the file must have {2 * SlotSize} bytes");
        }

        var slots = new byte[2 * SlotSize];
        int read = file.Read(0, slots);
        Invariant.Check(read == slots.Length);
        SuperBlock? first = SuperBlock.Decode(slots.AsSpan(0, SlotSize), path);
        SuperBlock? second = SuperBlock.Decode(slots.AsSpan(SlotSize), path);
        bool isSame = slots.AsSpan(0, SlotSize).SequenceEqual(slots.AsSpan(SlotSize));
        if (first is not null && second is not null && !isSame)
        {
            CheckPair(first, second, path);
        }

        SuperBlock super = Newer(first, second)
            ?? throw new CorruptionException(path, 0, "neither slot is intact");
        check(super);
        needsRepair = !isSame;
        return super;
    }

    /// <summary>Reads both slots; damage of either is a finding.</summary>
    public static void Inspect(
        IFileSystem files,
        string path,
        FindingList findings,
        out SuperBlock? first,
        out SuperBlock? second)
    {
        first = null;
        second = null;
        if (!files.FileExists(path))
        {
            findings.Add(path, 0, string.Empty, "the file is missing");
            return;
        }

        using IFile file = files.Open(path, FileOpenKind.Read);
        if (file.Length != 2L * SlotSize)
        {
            findings.Add(
                path, file.Length, string.Empty, $"the file must have {2 * SlotSize} bytes");
        }

        var slots = new byte[2 * SlotSize];
        _ = file.Read(0, slots);
        first = SuperBlock.Decode(slots.AsSpan(0, SlotSize), path);
        second = SuperBlock.Decode(slots.AsSpan(SlotSize), path);
        if (first is null)
        {
            findings.Add(path, 0, string.Empty, "the first slot fails its checksum");
        }

        if (second is null)
        {
            findings.Add(path, SlotSize, string.Empty, "the second slot fails its checksum");
        }

        bool isSame = slots.AsSpan(0, SlotSize).SequenceEqual(slots.AsSpan(SlotSize));
        if (first is not null && second is not null && !isSame)
        {
            (SuperBlock one, SuperBlock other) = (first, second);
            findings.Try(string.Empty, () => CheckPair(one, other, path));
        }
    }

    /// <summary>The slot that counts: the newer one, or the one that is whole.</summary>
    public static SuperBlock? Newer(SuperBlock? first, SuperBlock? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        return second.Generation > first.Generation ? second : first;
    }

    /// <summary>Writes the slots that do not say what the other one says.</summary>
    public static void Repair(IFileSystem files, string path, SuperBlock super)
    {
        var slot = new byte[SlotSize];
        var found = new byte[SlotSize];
        super.Encode(slot);
        using IFile file = files.Open(path, FileOpenKind.Write);

        // The slot that counts may come from a killed process and not be durable yet.
        file.Flush();
        for (int at = 0; at < 2 * SlotSize; at += SlotSize)
        {
            if (file.Read(at, found) != SlotSize || !found.AsSpan().SequenceEqual(slot))
            {
                file.Write(at, slot);
                file.Flush();
            }
        }
    }

    /// <summary>
    /// Writes both slots, one after the other is durable. Nothing that the change allows may be
    /// done before this returns.
    /// </summary>
    /// <remarks>
    /// A process that was killed, or whose flush failed, may have left a second slot that can be
    /// read and is not durable: it is written again before the first one is touched, so that there
    /// is no moment at which both may be torn.
    /// </remarks>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="current">What both slots say now.</param>
    /// <param name="next">What they are to say.</param>
    public static void Write(
        IFileSystem files, string path, SuperBlock current, SuperBlock next)
    {
        var slot = new byte[SlotSize];
        current.Encode(slot);
        using IFile file = files.Open(path, FileOpenKind.Write);
        Invariant.Check(file.Length == 2L * SlotSize);
        file.Write(SlotSize, slot);
        file.Flush();
        next.Encode(slot);
        for (int at = 0; at < 2 * SlotSize; at += SlotSize)
        {
            file.Write(at, slot);
            file.Flush();
        }
    }

    private static void CheckPair(SuperBlock first, SuperBlock second, string path)
    {
        if (first.DatabaseId != second.DatabaseId)
        {
            throw new CorruptionException(path, 0, "the slots are of different databases");
        }

        if (first.Generation == second.Generation)
        {
            throw new CorruptionException(
                path, SlotSize, $"the slots differ in what generation {first.Generation} is");
        }
    }
}
