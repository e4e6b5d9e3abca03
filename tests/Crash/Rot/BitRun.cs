namespace NeuroDb.Tests.Crash;

/// <summary>
/// Flips the bits of an image one by one. A bit in a page of a segment must be found by the one
/// way in which bytes of pages reach anybody; of any other bit the whole database is verified. Each
/// finding must say file and offset. A bit that is not found must leave the answers what they were,
/// and so that no page is read in another way, the database is opened and asked for many bits that
/// were found, too.
/// </summary>
internal sealed class BitRun(DiskImage image, RotCheck check)
{
    private const int BlockBits = 4096;
    private long _foundCount;
    private long _unfoundCount;
    private long _disks;

    /// <summary>The flips that verifying found.</summary>
    public long FoundCount => _foundCount;

    /// <summary>The flips that it had no need to find.</summary>
    public long UnfoundCount => _unfoundCount;

    /// <summary>Flips bits of all files.</summary>
    /// <param name="step">1 for every bit; a number that is prime to 8 meets all bits.</param>
    /// <param name="openStep">The database is opened for one flip of so many, at random.</param>
    /// <param name="progress">Is told the names of the files that are done.</param>
    public void Run(int step, int openStep, Action<string>? progress = null)
    {
        foreach (string name in image.Names)
        {
            long count = ((8 * image[name].Length) + step - 1) / step;
            Parallel.For(
                0,
                (count + BlockBits - 1) / BlockBits,
                () => new BitDisk(image, $"/bits{Interlocked.Increment(ref _disks)}"),
                (block, _, disk) =>
                {
                    long end = Math.Min(count, (block + 1) * BlockBits);
                    for (long i = block * BlockBits; i < end; i++)
                    {
                        Flip(disk, name, i * step, openStep);
                    }

                    return disk;
                },
                static disk => disk.Dispose());
            progress?.Invoke(name);
        }
    }

    private void Flip(BitDisk disk, string name, long bit, int openStep)
    {
        string? finding = disk.FindFlipped(name, bit, out string? fault);
        if (fault is not null)
        {
            check.Note($"{name} bit {bit}: {fault}");
        }

        if (finding is null)
        {
            Interlocked.Increment(ref _unfoundCount);
        }
        else
        {
            Interlocked.Increment(ref _foundCount);
        }

        if (finding is null || Hash64.Mix((ulong)bit) % (ulong)openStep == 0)
        {
            check.Try(image.WithFlippedBit(name, bit), $"{name} bit {bit}");
        }
    }
}
