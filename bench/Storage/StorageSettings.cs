namespace NeuroDb.Bench;

/// <summary>How much the storage bench does.</summary>
internal sealed class StorageSettings
{
    private const int LargeTimes = 10;
    private readonly string[] _only;

    /// <summary>
    /// Options: --rows 1000000 --quick --only name,name (commit, commit1000, tps, load, get, range,
    /// scan, size, recovery, open, encryption).
    /// </summary>
    public StorageSettings(BenchArguments arguments)
    {
        IsQuick = arguments.Has("quick");
        Rows = arguments.Number("rows", IsQuick ? 100_000 : 1_000_000);
        _only = (arguments.Text("only", null) ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Whether the whole run has to end within a minute.</summary>
    public bool IsQuick { get; }

    /// <summary>The rows of the table that is loaded and read.</summary>
    public int Rows { get; }

    /// <summary>The rows of the database whose opening is measured.</summary>
    public int OpenRows => Rows * LargeTimes;

    /// <summary>The turns of a measurement whose single sample takes seconds.</summary>
    public int SlowRounds => IsQuick ? 1 : 3;

    /// <summary>The turns of any other measurement.</summary>
    public int Rounds => IsQuick ? 7 : 21;

    /// <summary>How long every store warms up before a measurement.</summary>
    public int WarmUpMs => IsQuick ? 200 : 1000;

    /// <summary>Whether one of these figures is asked for.</summary>
    public bool Wants(params ReadOnlySpan<string> names)
    {
        if (_only.Length == 0)
        {
            return true;
        }

        foreach (string name in names)
        {
            if (Array.IndexOf(_only, name) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
