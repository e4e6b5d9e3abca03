using System.Reflection;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>
/// What encryption costs a scan that reads from the files: opening and summing, beside the same
/// database in the clear. The option is looked up by name, so that the row says "not built" for a
/// version that has none.
/// </summary>
internal static class EncryptionPhase
{
    private const string Scan = "SELECT sum(id), sum(octet_length(v)) FROM t";
    private const string Password = "correct horse battery staple";
    private static readonly string[] OptionNames = ["EncryptionKey", "Key", "Password"];

    /// <summary>Measures what the settings ask for.</summary>
    public static void Run(
        StorageSettings settings, StorageTable table, TemporaryFolder folder)
    {
        if (!settings.Wants("encryption") || Encrypted() is not NeuroStoreOptions encrypted)
        {
            return;
        }

        NeuroStoreOptions[] options = [new NeuroStoreOptions(), encrypted];
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

    private static NeuroStoreOptions? Encrypted()
    {
        foreach (string name in OptionNames)
        {
            PropertyInfo? option = typeof(NeuroStoreOptions).GetProperty(name);
            if (option is not null)
            {
                var options = new NeuroStoreOptions();
                option.SetValue(options, ValueFor(option.PropertyType));
                return options;
            }
        }

        return null;
    }

    private static object ValueFor(Type type)
    {
        byte[] key = Encoding.ASCII.GetBytes(Password.PadRight(32))[..32];
        return type == typeof(string) ? Password
            : type == typeof(byte[]) ? key
            : new ReadOnlyMemory<byte>(key);
    }
}
