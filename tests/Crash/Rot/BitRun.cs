using NeuroDb.Storage;
using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// Flips the bits of an image one by one. Verifying must find each, with file and offset; a bit
/// that it does not find must leave the answers what they were. Now and then the database is opened
/// and asked although verifying has found the flip: it must not answer otherwise.
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
                () => new VerifiedDisk(image, $"/bits{Interlocked.Increment(ref _disks)}"),
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

    private void Flip(VerifiedDisk disk, string name, long bit, int openStep)
    {
        string? finding = disk.VerifyFlipped(name, bit, out string? fault);
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

    /// <summary>A disk of one thread, on which a bit is wrong only while it is verified.</summary>
    private sealed class VerifiedDisk(DiskImage image, string path) : IDisposable
    {
        private readonly SimulatedDisk _disk = image.Mount(path);
        private SimulatedProcess? _process;

        /// <summary>Verifies the image with a flipped bit.</summary>
        /// <returns>The first finding, or null.</returns>
        public string? VerifyFlipped(string name, long bit, out string? fault)
        {
            MachineShape shape = SampleDatabase.Shape(path, image.IsEncrypted);
            _process ??= new SimulatedProcess(_disk, shape, 9);
            PagedBytes bytes = _disk[$"{path}/{name}"];
            DiskImage.FlipBit(bytes, bit);
            fault = null;
            try
            {
                IReadOnlyList<IntegrityFinding> findings = DirectoryVerifier.Verify(
                    _process.Seams, path, shape.Storage.Key, isQuick: true, default);
                if (findings.Count == 0)
                {
                    return null;
                }

                IntegrityFinding first = findings[0];
                fault = first.FilePath.Length > 0 && first.Offset >= 0
                    ? null
                    : $"verifying does not say where: {first}";
                return first.ToString();
            }
            catch (NeuroStoreException error)
            {
                fault = error.Code == ErrorCode.Corruption ? null : error.ToString();
                return error.Message;
            }
            finally
            {
                DiskImage.FlipBit(bytes, bit);
            }
        }

        /// <inheritdoc/>
        public void Dispose() => _process?.Dispose();
    }
}
