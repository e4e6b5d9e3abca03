using System.Text;

namespace NeuroDb.Cli;

/// <summary>The prompt: reads statements up to their semicolon, and dot commands.</summary>
internal sealed class Shell
{
    private const string HelpText = """
        .help               this text
        .mode table|csv|json  how rows are printed
        .quit               leave
        .schema [TABLE]     the statements that make the tables
        .tables             the names of the tables
        .timer on|off       print the time of each statement
        Statements end with a semicolon and may span lines. Ctrl+C stops the one that runs.
        """;

    private readonly ScriptRunner _runner;
    private readonly Session _session;
    private readonly LineReader _lines = new();
    private readonly string _path;
    private readonly bool _isBailing;
    private CancellationTokenSource? _running;

    /// <summary>Makes a shell over an open session.</summary>
    /// <param name="runner">How rows are printed, and where.</param>
    /// <param name="session">The session.</param>
    /// <param name="path">The database, for who looks.</param>
    /// <param name="isBailing">
    /// Whether the first statement of redirected input that fails is the last.
    /// </param>
    public Shell(ScriptRunner runner, Session session, string path, bool isBailing = false)
    {
        _session = session;
        _path = path;
        _isBailing = isBailing;
        _runner = new ScriptRunner(session, runner.Output, Console.Error)
        {
            Format = runner.Format,
            Bar = runner.Bar,
            IsChatty = !Console.IsInputRedirected,
        };
    }

    /// <summary>Runs until the input ends or the user leaves.</summary>
    /// <returns>
    /// 0; 1 if the input is redirected and a statement failed, after the others were run.
    /// </returns>
    public int Run()
    {
        if (!Console.IsInputRedirected)
        {
            Console.WriteLine($"NeuroStore on {_path}. Type .help for help, .quit to leave.");
            Console.CancelKeyPress += StopStatement;
        }

        bool isFailed = false;
        var pending = new StringBuilder();
        while (!(isFailed && _isBailing)
            && _lines.Read(pending.Length == 0 ? "neuro> " : "  ...> ") is { } line)
        {
            if (_lines.WasInterrupted)
            {
                pending.Clear();
                continue;
            }

            if (pending.Length == 0 && line.TrimStart().StartsWith('.'))
            {
                if (!RunCommand(line.Trim()))
                {
                    return isFailed ? 1 : 0;
                }

                continue;
            }

            pending.Append(line).Append('\n');
            List<string> statements = StatementSplitter.Split(pending.ToString(), out string rest);
            pending.Clear().Append(rest).Append(rest.Length > 0 ? "\n" : string.Empty);
            isFailed |= !RunAll(statements) && Console.IsInputRedirected;
        }

        isFailed |= !(isFailed && _isBailing)
            && pending.Length > 0 && !RunAll([pending.ToString()]);
        return isFailed ? 1 : 0;
    }

    // At the prompt what stands on a line behind a failure is not run.
    private bool RunAll(List<string> statements)
    {
        bool areDone = true;
        foreach (string statement in statements)
        {
            using var running = new CancellationTokenSource();
            Volatile.Write(ref _running, running);
            areDone &= _runner.RunScript(statement, running.Token);
            Volatile.Write(ref _running, null);
            if (!areDone && (_isBailing || !Console.IsInputRedirected))
            {
                return false;
            }
        }

        return areDone;
    }

    private void StopStatement(object? sender, ConsoleCancelEventArgs arguments)
    {
        arguments.Cancel = true;
        Volatile.Read(ref _running)?.Cancel();
    }

    private bool RunCommand(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string argument = words.Length > 1 ? words[1].TrimEnd(';') : string.Empty;
        switch (words[0].ToUpperInvariant())
        {
            case ".QUIT" or ".EXIT":
                return false;
            case ".HELP":
                PrintLines([HelpText]);
                break;
            case ".TABLES":
                PrintLines(_session.GetTableNames());
                break;
            case ".SCHEMA":
                PrintSchema(argument);
                break;
            case ".TIMER":
                _runner.IsTimed = argument.Equals("on", StringComparison.OrdinalIgnoreCase);
                break;
            case ".MODE" when Enum.TryParse(argument, ignoreCase: true, out OutputFormat format):
                _runner.Format = format;
                break;
            default:
                Console.Error.WriteLine($"error: {line} is not a command; .help lists them");
                break;
        }

        return true;
    }

    private void PrintSchema(string table)
    {
        try
        {
            IReadOnlyList<string> names = table.Length > 0 ? [table] : _session.GetTableNames();
            PrintLines(names.Select(_session.GetTableDefinition));
        }
        catch (NeuroStoreException error)
        {
            ErrorPrinter.Print(Console.Error, error, string.Empty);
        }
    }

    private void PrintLines(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            _runner.Output.WriteLine(line);
        }

        _runner.Output.Flush();
    }
}
