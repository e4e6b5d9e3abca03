using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>
/// What sealing costs: AES-256-GCM beside CRC-32C and a copy, on pages as segments have them and
/// on frames as commits write them. One thread, data in cache.
/// </summary>
internal static class SealBench
{
    private const int Rounds = 41;
    private const int WarmUpMs = 300;
    private const int SampleMs = 5;
    private static readonly int[] Sizes = [256, 4096, 64 * 1024];

    /// <summary>Measures every size in turns.</summary>
    public static void Run(BenchArguments arguments)
    {
        var report = new BenchReport("seal: AES-256-GCM beside CRC-32C");
        var identity = new SegmentIdentity(
            new Guid("6f2c1a52-27a4-4d0e-9a57-0c8d4f5b7e11"), TableId: 1, SegmentId: 1);
        using KeyRing keys = KeyRing.Create(identity.DatabaseId, new SystemRandomSource());
        report.Row("bytes", "copy GB/s", "crc32c GB/s", "gcm seal GB/s", "gcm open GB/s",
            "open, us");
        foreach (int size in Sizes)
        {
            Measure(report, keys, identity, size);
        }

        report.Print(arguments);
    }

    private static void Measure(
        BenchReport report, KeyRing keys, SegmentIdentity identity, int size)
    {
        using PageGuard checksum = PageGuard.Of(null, identity);
        using PageGuard gcm = PageGuard.Of(keys, identity);
        gcm.Start(new byte[PageGuard.SaltSizeBytes]);
        var page = new byte[size];
        var stored = new byte[size];
        var work = new byte[size];
        var crc = new byte[checksum.SealSizeBytes];
        var tag = new byte[gcm.SealSizeBytes];
        var other = new byte[gcm.SealSizeBytes];
        gcm.Seal(1, stored, tag);
        long number = 2;
        Timing[] timings = Timing.InTurns(
            Rounds,
            WarmUpMs,
            SampleMs,
            [
                () => page.CopyTo(work, 0),
                () => checksum.Seal(1, page, crc),
                () => gcm.Seal(number++, page, other),
                () => Open(gcm, stored, work, tag),
            ]);
        double copy = timings[0].MedianUs;
        double open = timings[3].MedianUs - copy;
        report.Row(
            $"{size}", Rate(size, copy), Rate(size, timings[1].MedianUs),
            Rate(size, timings[2].MedianUs), Rate(size, open), Timing.Cell(open));
        report.Figure($"crc_gbps_{size}", size / 1e3 / timings[1].MedianUs);
        report.Figure($"gcm_seal_gbps_{size}", size / 1e3 / timings[2].MedianUs);
        report.Figure($"gcm_open_gbps_{size}", size / 1e3 / open);
    }

    // Opening is in place, so each repetition takes a fresh copy, which is deducted.
    private static void Open(PageGuard guard, byte[] stored, byte[] work, byte[] tag)
    {
        stored.CopyTo(work, 0);
        _ = guard.TryOpen(1, work, tag);
    }

    private static string Rate(int size, double us) => Timing.Cell(size / 1e3 / us);
}
