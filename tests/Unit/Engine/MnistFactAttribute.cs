namespace NeuroDb.Tests.Unit;

/// <summary>A test over the digits of MNIST; skipped, with its reason, where they are absent.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MnistFactAttribute : FactAttribute
{
    /// <summary>Skips where the files are not.</summary>
    public MnistFactAttribute()
    {
        if (Folder is null)
        {
            Skip = "MNIST is not on this machine; set NEUROSTORE_MNIST to the folder of its four "
                + "IDX files.";
        }
    }

    /// <summary>The folder of the files, or null.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("NEUROSTORE_MNIST") is { } named)
        {
            return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", "mnist");
            if (File.Exists(Path.Combine(candidate, "t10k-images-idx3-ubyte.gz")))
            {
                return candidate;
            }
        }

        return null;
    }
}
