using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// Finds the native libraries that bench/peers/install.sh installs. A missing one makes its peer a
/// named gap in the table.
/// </summary>
internal static class PeerLibrary
{
    /// <summary>The folder of the libraries from npm and of the compiled shims.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>Whether a library can be loaded, by name or from <see cref="Folder"/>.</summary>
    public static bool IsPresent(string name) =>
        NativeLibrary.TryLoad(PathOf(name), out _);

    /// <summary>Lets DllImport find the libraries; called once by each peer.</summary>
    public static string PathOf(string name)
    {
        string local = Path.Combine(Folder, name);
        return File.Exists(local) ? local : name;
    }

    /// <summary>Registers the search for this assembly; safe to call again.</summary>
    public static void Register() => _ = Registration.Value;

    private static readonly Lazy<bool> Registration = new(() =>
    {
        NativeLibrary.SetDllImportResolver(
            typeof(PeerLibrary).Assembly,
            (name, _, _) => NativeLibrary.TryLoad(PathOf(name), out nint handle) ? handle : 0);
        return true;
    });

    private static string FindFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "bench", "peers", "build");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return AppContext.BaseDirectory;
    }
}
