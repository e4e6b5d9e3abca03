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
    private CancellationTokenSource? _running;

    /// <summary>Makes a shell over an open session.</summary>
    public Shell(ScriptRunner runner, Session session, string path)
    {
        _session = session;
        _path = path;
        _runner = new ScriptRunner(session, runner.Output, Console.Error)
        {
            Format = runner.Format,
            Bar = runner.Bar,
            IsChatty = !Console.IsInputRedirected,
        };
    }

    /// <summary>Runs until the input ends or the user leaves.</summary>
    /// <returns>0; 1 if the input is redirected and a statement failed.</returns>
    public int Run()
    {
        if (!Console.IsInputRedirected)
        {
            Console.WriteLine($"NeuroStore on {_path}. Type .help for help, .quit to leave.");
            Console.CancelKeyPress += StopStatement;
        }

        var pending = new StringBuilder();
        while (_lines.Read(pending.Length == 0 ? "neuro> " : "  ...> ") is { } line)
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
                    return 0;
                }

                continue;
            }

            pending.Append(line).Append('\n');
            List<string> statements = StatementSplitter.Split(pending.ToString(), out string rest);
            pending.Clear().Append(rest).Append(rest.Length > 0 ? "\n" : string.Empty);
            if (!RunAll(statements) && Console.IsInputRedirected)
            {
                return 1;
            }
        }

        return pending.Length == 0 || RunAll([pending.ToString()]) ? 0 : 1;
    }

    private bool RunAll(List<string> statements)
    {
        foreach (string statement in statements)
        {
            using var running = new CancellationTokenSource();
            Volatile.Write(ref _running, running);
            bool isDone = _runner.RunScript(statement, running.Token);
            Volatile.Write(ref _running, null);
            if (!isDone)
            {
                return false;
            }
        }

        return true;
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
