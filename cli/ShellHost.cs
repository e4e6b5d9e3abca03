namespace NeuroDb.Cli;

/// <summary>Opens the database and runs the shell in the way the command line asks for.</summary>
internal static class ShellHost
{
    /// <summary>Runs; 0 on success, 1 if anything failed.</summary>
    public static int Run(
        string path,
        string? command,
        string? file,
        OutputFormat format,
        bool isBailing,
        KeyOptions keys)
    {
        try
        {
            using EncryptionKey? key = keys.ReadKey();
            var options = new NeuroStoreOptions { EncryptionKey = key };
            using NeuroStore database = NeuroStore.Open(path, options);
            if (keys.IsRekey)
            {
                using EncryptionKey? other = keys.ReadNewKey();
                database.Rekey(other!);
                return 0;
            }

            using Session session = database.OpenSession();

            // Console.Out writes through at every call; results are flushed after each statement.
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            var runner = new ScriptRunner(session, output, Console.Error)
            {
                Format = format,
                Bar = Console.IsErrorRedirected ? null : new TrainingBar(Console.Error),
            };
            if (command is null && file is null)
            {
                return new Shell(runner, session, path, isBailing).Run();
            }

            string text = command ?? File.ReadAllText(file!);
            return runner.RunScript(text) ? 0 : 1;
        }
        catch (Exception error)
        {
            ErrorPrinter.Print(Console.Error, error, string.Empty);
            return 1;
        }
    }
}
