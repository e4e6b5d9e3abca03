using NeuroDb.Tests.Unit;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// Opens damaged images of one database and demands what must hold: the answers are equal, or the
/// opening is refused and nothing on the disk was changed.
/// </summary>
internal sealed class RotCheck(DiskImage image, string expected)
{
    private readonly Lock _gate = new();
    private readonly List<string> _faults = [];
    private int _mounts;
    private long _equalCount;
    private long _refusedCount;

    /// <summary>The damaged images that gave equal answers.</summary>
    public long EqualCount => _equalCount;

    /// <summary>The damaged images that were refused.</summary>
    public long RefusedCount => _refusedCount;

    /// <summary>What was neither.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The check of an image that is whole, with the answers that it gives.</summary>
    public static RotCheck Of(DiskImage image)
    {
        using NeuroStore database = SampleDatabase.Open(image.Mount("/whole"), "/whole");
        return new RotCheck(image, SampleDatabase.Answers(database));
    }

    /// <summary>Flips every bit out of a number, on all processors.</summary>
    /// <param name="name">The file.</param>
    /// <param name="firstByte">Where to begin.</param>
    /// <param name="endByte">Where to end.</param>
    /// <param name="step">1 for every bit; a number that is prime to 8 meets all bits.</param>
    public void FlipBits(string name, int firstByte, int endByte, int step)
    {
        long first = 8L * firstByte;
        long count = ((8L * endByte) - first + step - 1) / step;
        const int RunLength = 512;
        Parallel.For(0, (count + RunLength - 1) / RunLength, run =>
        {
            string path = $"/rot{Interlocked.Increment(ref _mounts)}";
            MemoryFileSystem disk = image.Mount(path);
            for (long i = run * RunLength; i < Math.Min(count, (run + 1) * RunLength); i++)
            {
                long bit = first + (i * step);
                disk.Bytes($"{path}/{name}")[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
                if (Open(disk, path, $"{name} bit {bit}", mayBeForeign: false))
                {
                    disk = image.Mount(path);
                }
                else
                {
                    disk.Bytes($"{path}/{name}")[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
                }
            }
        });
    }

    /// <summary>Opens an image that was damaged in some other way.</summary>
    /// <param name="damaged">The image.</param>
    /// <param name="what">What was done to it.</param>
    /// <param name="mayBeForeign">Whether it need no longer look like a database.</param>
    public void Try(DiskImage damaged, string what, bool mayBeForeign = false)
    {
        string path = $"/rot{Interlocked.Increment(ref _mounts)}";
        MemoryFileSystem disk = damaged.Mount(path);
        if (!Open(disk, path, what, mayBeForeign) && !damaged.Equals(disk, path))
        {
            Note($"{what}: refused, but the files were changed");
        }
    }

    /// <returns>Whether the disk may have been changed.</returns>
    private bool Open(MemoryFileSystem disk, string path, string what, bool mayBeForeign)
    {
        int operations = disk.OperationCount;
        string answers = string.Empty;
        Exception? error = Record.Exception(() =>
        {
            using NeuroStore database = SampleDatabase.Open(disk, path);
            answers = SampleDatabase.Answers(database);
        });
        if (error is null)
        {
            Interlocked.Increment(ref _equalCount);
            if (answers != expected)
            {
                Note($"{what}: other answers, silently:\n{answers}");
            }

            return true;
        }

        Interlocked.Increment(ref _refusedCount);
        ErrorCode code = (error as NeuroStoreException)?.Code ?? ErrorCode.None;
        if (code != ErrorCode.Corruption && !(mayBeForeign && code == ErrorCode.NotADatabase))
        {
            Note($"{what}: {error}");
        }

        if (disk.OperationCount != operations)
        {
            Note($"{what}: refused after {disk.OperationCount - operations} changes");
            return true;
        }

        return false;
    }

    private void Note(string fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }
}
