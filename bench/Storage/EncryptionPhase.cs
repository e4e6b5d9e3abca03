namespace NeuroDb.Bench;

/// <summary>
/// What encryption costs a scan that reads from the files: opening and summing, beside the same
/// database in the clear.
/// </summary>
internal static class EncryptionPhase
{
    private const string Scan = "SELECT sum(id), sum(octet_length(v)) FROM t";
    private const int KeySizeBytes = 32;

    /// <summary>Measures what the settings ask for.</summary>
    public static void Run(
        StorageSettings settings, StorageTable table, TemporaryFolder folder)
    {
        if (!settings.Wants("encryption"))
        {
            return;
        }

        using var key = EncryptionKey.FromBytes(new byte[KeySizeBytes]);
        NeuroStoreOptions[] options =
            [new NeuroStoreOptions(), new NeuroStoreOptions { EncryptionKey = key }];
        string[] paths = [folder.File("clear"), folder.File("encrypted")];
        long[] keys = RowPayload.AscendingKeys(settings.Rows);
        for (int i = 0; i < options.Length; i++)
        {
            using var store = new NeuroRowStore(paths[i], options[i]);
            store.Load(keys);
            store.Settle();
        }

        var timings = new[] { new Timing(), new Timing() };
        for (int round = 0; round < settings.Rounds; round++)
        {
            for (int i = 0; i < options.Length; i++)
            {
                using NeuroStore database = NeuroStore.Open(paths[i], options[i]);
                timings[i].Sample(() => database.Execute(Scan));
            }
        }

        table.Encryption[StoreKind.NeuroStore] =
            ((timings[1].MedianUs / timings[0].MedianUs) - 1) * 100;
    }
}
