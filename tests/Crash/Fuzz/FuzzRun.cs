namespace NeuroDb.Tests.Crash;

/// <summary>
/// Reads mutated files of a format: each must be read or refused by a typed error, within what the
/// target allows it to allocate.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, ulong seed)
{
    private string _refusal = "";

    /// <summary>Files that were read.</summary>
    public int ReadCount { get; private set; }

    /// <summary>Files that were refused.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>The most bytes that reading a file allocated.</summary>
    public long AllocatedMax { get; private set; }

    /// <summary>What went wrong, with the file.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Tries the seeds, which must be read, and so many files made of them.</summary>
    public void Run(int count)
    {
        foreach (byte[] file in target.Seeds)
        {
            int before = ReadCount;
            Try([.. file]);
            if (ReadCount == before)
            {
                Faults.Add($"{target.Name}: a seed of {file.Length} bytes was refused: "
                    + _refusal);
            }
        }

        var mutator = new Mutator(new SeededRandomSource(seed));
        for (int i = 0; i < count; i++)
        {
            Try(mutator.Next(target));
        }
    }

    private void Try(byte[] file)
    {
        long before = Allocated();
        try
        {
            target.Read(file);
            ReadCount++;
        }
        catch (NeuroStoreException error) when (error.Code != ErrorCode.InvariantBroken)
        {
            RefusedCount++;
            _refusal = error.Message;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Faults.Add($"{target.Name}: {error.GetType().Name} {error.Message} at "
                + $"{error.StackTrace?.Split('\n')[0].Trim()}: {Text(file)}");
        }

        long allocated = Allocated() - before;
        AllocatedMax = Math.Max(AllocatedMax, allocated);
        if (allocated > target.Allowance(file))
        {
            Faults.Add($"{target.Name}: {allocated} bytes were allocated for {Text(file)}");
        }
    }

    private long Allocated() => target.IsShared
        ? GC.GetTotalAllocatedBytes() : GC.GetAllocatedBytesForCurrentThread();

    private static string Text(byte[] file) =>
        $"{file.Length} bytes {Convert.ToHexString(file.AsSpan(0, Math.Min(file.Length, 400)))}";
}
