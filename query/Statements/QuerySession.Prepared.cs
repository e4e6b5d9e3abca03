using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>PREPARE, EXECUTE and DEALLOCATE.</summary>
internal sealed partial class QuerySession
{
    private readonly Dictionary<string, PreparedName> _prepared =
        new(StringComparer.OrdinalIgnoreCase);

    private StatementResult RunPrepared(
        PreparedStatement statement,
        Value[] parameters,
        CancellationToken cancellation,
        out StorageTransaction? commit)
    {
        commit = null;
        switch (statement.Syntax)
        {
            case ExecuteStatementSyntax execute:
                PreparedName prepared = Find(execute.Name);
                Value[] values = prepared.Take(
                    ValuesOf(execute, parameters, cancellation), execute);
                return Start(prepared.Statement, values, null, cancellation, out commit);
            case PrepareStatementSyntax prepare:
                DataType[] types = [.. prepare.Types.Select(
                    static type => TypeNames.Resolve(type))];
                PreparedStatement kept = Prepare(prepare.Sql) is [var only]
                    ? only
                    : throw Invariant.Broken("PREPARE takes one statement");
                if (!_prepared.TryAdd(prepare.Name.Name, new PreparedName(kept, types)))
                {
                    throw new NeuroStoreException(
                        ErrorCode.DuplicateName,
                        $"The session has a statement {prepare.Name.Name} already; DEALLOCATE it "
                        + "first.",
                        prepare.Name.Position);
                }

                break;
            case DeallocateStatementSyntax { Name: null }:
                _prepared.Clear();
                break;
            case DeallocateStatementSyntax { Name: { } name }:
                _ = Find(name);
                _prepared.Remove(name.Name);
                break;
            default:
                throw Invariant.Broken("a statement of prepared statements");
        }

        return new StatementResult([], 0);
    }

    private PreparedName Find(IdentifierSyntax name) =>
        _prepared.TryGetValue(name.Name, out PreparedName? prepared)
            ? prepared
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"The session has prepared no statement {name.Name}."
                + NearMatch.Hint(name.Name, _prepared.Keys),
                name.Position);

    private Value[] ValuesOf(
        ExecuteStatementSyntax execute, Value[] parameters, CancellationToken cancellation)
    {
        if (execute.Values is null)
        {
            return [];
        }

        using StatementResult result = StartBound(
            new PreparedStatement(execute.Values), parameters, null, cancellation, out _);
        RowBatch row = result.Next() ?? throw Invariant.Broken("one row of values");
        return [.. row.Columns.Select(static column => column.GetValue(0))];
    }
}
