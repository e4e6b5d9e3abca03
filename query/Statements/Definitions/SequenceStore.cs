using System.Collections.Concurrent;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The sequences of an open database. Each has a table of one row with the last number, whose name
/// no statement can write.
/// </summary>
internal sealed class SequenceStore(StorageEngine storage)
{
    private const string Prefix = "sequence ";
    private readonly ConcurrentDictionary<int, SequenceCounter> _counters = [];

    /// <summary>Whether a table holds the number of a sequence.</summary>
    public static bool IsOwn(string table) =>
        table.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Creates a sequence.</summary>
    public static void Create(
        string name, SequenceOptions options, ExecutionContext context, SourcePosition position)
    {
        StorageTransaction transaction = context.Transaction;
        if (options.Step == 0 || options.Least > options.Most
            || options.First < options.Least || options.First > options.Most)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"The sequence {name} has no numbers: it begins at {options.First}, goes on by "
                + $"{options.Step}, from {options.Least} to {options.Most}.",
                position);
        }

        TableEntry table = transaction.CreateTable(new TableSchema
        {
            Name = Prefix + name.ToLowerInvariant(),
            Columns = [new ColumnSchema("last", DataType.BigInt)],
        });
        transaction.Insert(table, SequenceCounter.RowOf(null));
        transaction.PutObject(new CatalogObject(
            CatalogObjectKind.Sequence, name, SequenceDefinition.ToSql(name, options)));
    }

    /// <summary>Drops the row of a sequence, and the defaults that take numbers from it.</summary>
    public static void Drop(
        CatalogObject sequence, bool isCascade, ExecutionContext context, SourcePosition position)
    {
        StorageTransaction transaction = context.Transaction;
        string use = SqlText.Literal(sequence.Name);
        bool Uses(ColumnSchema column) =>
            column.DefaultSql?.Contains(use, StringComparison.OrdinalIgnoreCase) == true;
        foreach (TableEntry table in transaction.Catalog.Tables.ToArray())
        {
            if (!table.Schema.Columns.Any(Uses))
            {
                continue;
            }

            if (!isCascade)
            {
                throw Dependencies.Refused(
                    $"a default of table {table.Schema.Name} takes numbers from {sequence.Name}",
                    position);
            }

            transaction.AlterTable(table, table.Schema with
            {
                Columns = [.. table.Schema.Columns.Select(
                    column => Uses(column) ? column with { DefaultSql = null } : column)],
            });
        }

        transaction.DropTable(TableOf(sequence.Name, transaction.Catalog));
    }

    /// <summary>The next number of a sequence.</summary>
    public long Next(string name, ExecutionContext context)
    {
        (CatalogObject sequence, TableEntry table, SequenceOptions options) =
            Find(name, context.Transaction.Catalog);
        long value;
        if (IsCommitted(table))
        {
            value = CounterOf(table).Next(sequence.Name, options);
        }
        else
        {
            long? last = SequenceCounter.Read(context.Transaction, table, out _);
            value = SequenceCounter.After(last, sequence.Name, options);
            SequenceCounter.Write(context.Transaction, table, value);
        }

        context.Changes.SetSequence(sequence.Name, value);
        return value;
    }

    /// <summary>Lets a sequence go on at or behind a number.</summary>
    public void Set(string name, long value, bool isCalled, ExecutionContext context)
    {
        (CatalogObject sequence, TableEntry table, SequenceOptions options) =
            Find(name, context.Transaction.Catalog);
        if (value < options.Least || value > options.Most)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"{value} is not among the numbers of {sequence.Name}, which are from "
                + $"{options.Least} to {options.Most}.");
        }

        if (!isCalled && value != options.First)
        {
            // As if the number before had been the last; it need not be one of the sequence.
            value -= options.Step;
            isCalled = true;
        }

        Write(table, isCalled ? value : null, context);
        if (isCalled)
        {
            context.Changes.SetSequence(sequence.Name, value);
        }
    }

    /// <summary>Lets a sequence begin again, or go on at another number.</summary>
    public void Restart(CatalogObject sequence, long? value, ExecutionContext context)
    {
        SequenceOptions options = SequenceDefinition.Of(sequence);
        TableEntry table = TableOf(sequence.Name, context.Transaction.Catalog);
        long first = value ?? options.First;
        Write(table, first == options.First ? null : first - options.Step, context);
    }

    /// <summary>Gives reserved numbers back before the database is closed.</summary>
    public void GiveBack()
    {
        foreach (SequenceCounter counter in _counters.Values)
        {
            counter.GiveBack();
        }
    }

    /// <summary>The last number that a sequence gave, for listings.</summary>
    public static long? LastOf(CatalogObject sequence, ExecutionContext context) =>
        SequenceCounter.Read(
            context.Transaction, TableOf(sequence.Name, context.Transaction.Catalog), out _);

    private static TableEntry TableOf(string name, CatalogView catalog)
    {
        bool isThere = catalog.TryGetTable(Prefix + name.ToLowerInvariant(), out TableEntry table);
        return isThere ? table : throw SequenceCounter.Lost(name);
    }

    private static (CatalogObject Sequence, TableEntry Table, SequenceOptions Options) Find(
        string name, CatalogView catalog)
    {
        var syntax = new NameSyntax([.. name.Split('.').Select(static part =>
            new IdentifierSyntax(part.Trim('"'), false))]);
        CatalogObject sequence = ObjectLookup.Find(CatalogObjectKind.Sequence, syntax, catalog);
        return (sequence, TableOf(sequence.Name, catalog), SequenceDefinition.Of(sequence));
    }

    private void Write(TableEntry table, long? last, ExecutionContext context)
    {
        if (IsCommitted(table))
        {
            CounterOf(table).Set(last);
        }
        else
        {
            SequenceCounter.Write(context.Transaction, table, last);
        }
    }

    private bool IsCommitted(TableEntry table)
    {
        using StorageTransaction now = storage.Begin();
        return now.Catalog.Contains(table);
    }

    private SequenceCounter CounterOf(TableEntry table) => _counters.GetOrAdd(
        table.Id, static (_, made) => new SequenceCounter(made.storage, made.table),
        (storage, table));
}
