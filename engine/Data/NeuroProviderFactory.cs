using System.Data.Common;

namespace NeuroDb.Data;

/// <summary>Makes the ADO.NET objects of NeuroStore for code that knows no provider.</summary>
public sealed class NeuroProviderFactory : DbProviderFactory
{
    /// <summary>The only instance.</summary>
    public static readonly NeuroProviderFactory Instance = new();

    private NeuroProviderFactory()
    {
    }

    /// <inheritdoc/>
    public override bool CanCreateBatch => true;

    /// <inheritdoc/>
    public override bool CanCreateCommandBuilder => true;

    /// <inheritdoc/>
    public override bool CanCreateDataAdapter => true;

    /// <inheritdoc/>
    public override bool CanCreateDataSourceEnumerator => false;

    /// <inheritdoc/>
    public override DbConnection CreateConnection() => new NeuroConnection();

    /// <inheritdoc/>
    public override DbCommand CreateCommand() => new NeuroCommand();

    /// <inheritdoc/>
    public override DbParameter CreateParameter() => new NeuroParameter();

    /// <inheritdoc/>
    public override DbConnectionStringBuilder CreateConnectionStringBuilder() =>
        new NeuroConnectionStringBuilder();

    /// <inheritdoc/>
    public override DbDataSource CreateDataSource(string connectionString) =>
        new NeuroDataSource(connectionString);

    /// <inheritdoc/>
    public override DbDataAdapter CreateDataAdapter() => new NeuroDataAdapter();

    /// <inheritdoc/>
    public override DbCommandBuilder CreateCommandBuilder() => new NeuroCommandBuilder();

    /// <inheritdoc/>
    public override DbBatch CreateBatch() => new NeuroBatch();

    /// <inheritdoc/>
    public override DbBatchCommand CreateBatchCommand() => new NeuroBatchCommand();
}
