using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>Opens what a crash leaves: a copy of the directory taken while it is open.</summary>
internal static class RecoveryPhase
{
    private const int CommitRows = 1000;

    /// <summary>Measures what the settings ask for.</summary>
    public static void Run(
        StorageSettings settings, StorageTable table, StoreKind[] kinds, TemporaryFolder folder)
    {
        if (!settings.Wants("recovery"))
        {
            return;
        }

        using var stores = new StoreSet(kinds, folder, "crash");
        foreach (StoreKind kind in kinds)
        {
            string copy = folder.File("copy");
            using (IRowStore store = kind.Open(stores.PathOf(kind)))
            {
                for (int key = 0; key < settings.Rows; key += CommitRows)
                {
                    store.PutMany(key, CommitRows);
                }

                Copy(stores.PathOf(kind), copy);
            }

            double seconds = OpenPhase.OpenAndGet(kind, copy, settings.Rows - 1) / 1000;
            table.Recovery[kind] = seconds
                / ((double)settings.Rows * RowPayload.RowSizeBytes / 1e9);
            Directory.Delete(copy, recursive: true);
        }
    }

    // The stores lock their files against other opens of .NET; cp does not mind.
    private static void Copy(string source, string target)
    {
        using Process copy = Process.Start("cp", ["-r", source, target]);
        copy.WaitForExit();
        if (copy.ExitCode != 0)
        {
            throw new InvalidOperationException($"cp failed with code {copy.ExitCode}.");
        }
    }
}
