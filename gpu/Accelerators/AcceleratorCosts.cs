using System.Numerics;

namespace NeuroDb.Gpu;

/// <summary>
/// What scans have cost on the device and on the processor, by their size: the automatic choice
/// takes the cheaper one. One for all sessions of a database; any thread may call it.
/// </summary>
/// <remarks>
/// Sizes count by powers of two. The first scan on the device sends the rows, which stay there, so
/// it is not counted. Now and then the dearer one is asked again, because other work comes and
/// goes; a mean forgets by a quarter with each scan.
/// </remarks>
internal sealed class AcceleratorCosts
{
    /// <summary>The dearer one has every so-manieth scan.</summary>
    public const int ScansBetween = 64;

    private const double Weight = 0.25;
    private readonly Lock _gate = new();
    private readonly Cost[] _device = NewCosts();
    private readonly Cost[] _processor = NewCosts();

    /// <summary>Whether a scan of so many bytes is one for the device.</summary>
    public bool IsForDevice(long sizeBytes)
    {
        lock (_gate)
        {
            Cost device = _device[ClassOf(sizeBytes)];
            Cost processor = _processor[ClassOf(sizeBytes)];
            if (processor.Count == 0 || device.Count < 2)
            {
                return processor.Count > 0;
            }

            bool isCheaper = device.Mean < processor.Mean;
            bool isTried = ++device.Asked % ScansBetween == 0;
            return isCheaper != isTried;
        }
    }

    /// <summary>Takes note of what a scan has cost.</summary>
    public void Note(bool isDevice, long sizeBytes, TimeSpan elapsed)
    {
        lock (_gate)
        {
            Cost cost = (isDevice ? _device : _processor)[ClassOf(sizeBytes)];
            cost.Count++;
            if (cost.Count <= (isDevice ? 2 : 1))
            {
                cost.Mean = elapsed.TotalSeconds;
            }
            else
            {
                cost.Mean += Weight * (elapsed.TotalSeconds - cost.Mean);
            }
        }
    }

    private static int ClassOf(long sizeBytes) => BitOperations.Log2((ulong)sizeBytes | 1);

    private static Cost[] NewCosts() =>
        [.. Enumerable.Range(0, 64).Select(static _ => new Cost())];

    private sealed class Cost
    {
        public int Count { get; set; }

        public int Asked { get; set; }

        public double Mean { get; set; }
    }
}
