using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// Opens damaged images of one database and demands what must hold: the answers are equal, or the
/// opening or the questions are refused as corruption; an opening that is refused changed nothing.
/// </summary>
internal sealed class RotCheck(string expected, DiskImage image, bool isLarge)
{
    private const int FaultMax = 50;
    private readonly Lock _gate = new();
    private readonly List<string> _faults = [];
    private long _equalCount;
    private long _refusedCount;
    private int _mounts;

    /// <summary>The damaged images that gave equal answers.</summary>
    public long EqualCount => _equalCount;

    /// <summary>The damaged images that were refused.</summary>
    public long RefusedCount => _refusedCount;

    /// <summary>What was neither.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The check of an image that is whole, with the answers that it gives.</summary>
    /// <param name="image">The image.</param>
    /// <param name="isLarge">Whether it is the large one.</param>
    public static RotCheck Of(DiskImage image, bool isLarge)
    {
        using var process = new SimulatedProcess(
            image.Mount("/whole"),
            SampleDatabase.Shape("/whole", image.IsEncrypted, image.HasMore),
            9);
        string answers = SampleDatabase.Answers(process.Open(), isLarge);
        process.Close();
        return new RotCheck(answers, image, isLarge);
    }

    /// <summary>Opens a damaged image.</summary>
    /// <param name="damaged">The image.</param>
    /// <param name="what">What was done to it.</param>
    public void Try(DiskImage damaged, string what)
    {
        string path = $"/rot{Interlocked.Increment(ref _mounts)}";
        SimulatedDisk disk = damaged.Mount(path);
        using var process = new SimulatedProcess(
            disk, SampleDatabase.Shape(path, image.IsEncrypted, image.HasMore), 9);
        string answers = string.Empty;
        bool isOpen = false;
        Exception? error = Record.Exception(() =>
        {
            NeuroStore database = process.Open();
            isOpen = true;
            answers = SampleDatabase.Answers(database, isLarge);
            process.Close();
        });
        if (error is null)
        {
            Interlocked.Increment(ref _equalCount);
            if (answers != expected)
            {
                Note($"{what}: other answers, silently:\n{answers}");
            }
        }
        else
        {
            Interlocked.Increment(ref _refusedCount);
            if ((error as NeuroStoreException)?.Code != ErrorCode.Corruption)
            {
                Note($"{what}: {error}");
            }

            if (!isOpen && !damaged.Equals(disk, path))
            {
                Note($"{what}: refused, but the files were changed");
            }
        }

        if (process.Leak is { } leak && !isOpen)
        {
            Note($"{what}: {leak}");
        }
    }

    /// <summary>Notes what must not be.</summary>
    public void Note(string fault)
    {
        lock (_gate)
        {
            if (_faults.Count < FaultMax)
            {
                _faults.Add(fault);
            }
        }
    }
}
