namespace NeuroDb.Neural;

/// <summary>Ends one run of ONNX Runtime, between two operators, when its time is over.</summary>
internal sealed class OnnxRunLimit : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Lock _gate = new();
    private readonly OnnxRuntimeApi _api;
    private readonly ITimer _timer;
    private nint _options;

    /// <summary>Begins to count.</summary>
    public OnnxRunLimit(OnnxRuntimeApi api)
    {
        _api = api;
        _options = api.CreateRunOptions();
        _timer = TimeProvider.System.CreateTimer(
            _ => End(), null, Limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The options to run with.</summary>
    public nint Options => _options;

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _api.ReleaseRunOptions(_options);
            _options = 0;
        }
    }

    // The timer may be late: then there is nothing to end any more.
    private void End()
    {
        lock (_gate)
        {
            if (_options != 0)
            {
                _api.EndRuns(_options);
            }
        }
    }
}
