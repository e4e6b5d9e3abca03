using System.Diagnostics;
using System.Text.Json;

namespace NeuroDb.Bench;

/// <summary>
/// PyTorch in a child process at its best setting: one OpenMP thread, the AVX-512 kernels of
/// OpenBLAS, memory that is not given back between steps.
/// </summary>
internal static class TorchPeer
{
    private const string DebianPython = "/usr/bin/python3";

    /// <summary>Microseconds of processor time of a step, or why there are none.</summary>
    public static (double MlpUs, double CnnUs, string Note) Run()
    {
        string script = Path.Combine(
            AppContext.BaseDirectory, "peers", "torch_train.py");

        // Debian's packages belong to Debian's Python, which need not be the first on the path.
        string python = File.Exists(DebianPython) ? DebianPython : "python3";
        var start = new ProcessStartInfo(python, $"\"{script}\"")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "1073741824";
        try
        {
            using Process child = Process.Start(start)!;
            Task<string> errors = child.StandardError.ReadToEndAsync();
            string output = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            if (child.ExitCode != 0)
            {
                string last = errors.Result.Trim().Split('\n')[^1];
                return (double.NaN, double.NaN, $"PyTorch is missing: {last}");
            }

            using JsonDocument result = JsonDocument.Parse(output);
            JsonElement root = result.RootElement;
            return (
                root.GetProperty("mlp_us").GetDouble(),
                root.GetProperty("cnn_us").GetDouble(),
                $"PyTorch {root.GetProperty("version").GetString()}, one thread");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (double.NaN, double.NaN, $"PyTorch is missing: {error.Message}");
        }
    }
}
