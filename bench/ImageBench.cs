using System.Diagnostics;
using NeuroDb.Neural;

namespace NeuroDb.Bench;

/// <summary>
/// Pictures decoded and brought to the size of a column, beside libvips, which decodes JPEG at a
/// fraction of its size where that is enough. Both take turns; processor time of the process, the
/// best of several rounds.
/// </summary>
internal static class ImageBench
{
    private const int Rounds = 7;
    private const int Side = 64;

    /// <summary>Measures and reports.</summary>
    public static void Run(BenchArguments arguments)
    {
        var report = new BenchReport($"images: decoded and brought to {Side} x {Side} x 3");
        if (!VipsPeer.TryStart())
        {
            report.Row("libvips is missing; bench/peers/install.sh brings it");
            report.Print(arguments);
            return;
        }

        report.Note($"libvips {VipsPeer.Version}, one thread");
        report.Row("pictures", "images/s on a core", "libvips", "times libvips");
        var ratios = new List<double>();
        var shape = new TensorShape(Side, Side, 3);
        foreach ((int width, int height) in ((int, int)[])[(256, 256), (640, 480), (1600, 1200)])
        {
            byte[] pixels = Picture(width, height);
            foreach (string format in (string[])[".jpg", ".png"])
            {
                byte[] file = VipsPeer.Encode(pixels, width, height, format);
                var target = new float[Side * Side * 3];
                int calls = Math.Max(3, 12_000_000 / (width * height));
                double own = double.PositiveInfinity;
                double other = double.PositiveInfinity;
                for (int round = 0; round < Rounds; round++)
                {
                    own = Math.Min(own, Seconds(calls, () => ImageResize.ToFloats(
                        ImageDecoder.Decode(file, shape), shape, target)));
                    other = Math.Min(other, Seconds(
                        calls, () => VipsPeer.Thumbnail(file, Side, Side)));
                }

                report.Row(
                    $"{format[1..]} {width} x {height}, {file.Length / 1024} KiB",
                    $"{1 / own:F0}",
                    $"{1 / other:F0}",
                    $"{other / own:F2}");
                ratios.Add(other / own);
            }
        }

        report.Figure("image_ratio_least", ratios.Min());
        report.Figure(
            "image_ratio_mean", Math.Exp(ratios.Average(static it => Math.Log(it))));
        report.Print(arguments);
    }

    // Slow waves and a little noise, as photographs have.
    private static byte[] Picture(int width, int height)
    {
        var random = new Random(1);
        var pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / 3 % width;
            int y = i / 3 / width;
            double wave = Math.Sin((x * 0.021) + (i % 3)) + Math.Cos((y * 0.017) + (x * 0.004));
            pixels[i] = (byte)Math.Clamp(128 + (50 * wave) + random.Next(-6, 7), 0, 255);
        }

        return pixels;
    }

    private static double Seconds(int calls, Action work)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        for (int i = 0; i < calls; i++)
        {
            work();
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds / calls;
    }
}
