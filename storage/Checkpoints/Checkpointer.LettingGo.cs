namespace NeuroDb.Storage;

/// <summary>How what nobody reads any more goes: files, large values and memory.</summary>
internal sealed partial class Checkpointer
{
    private readonly Lock _lettingGo = new();
    private int _isLetGoDue;

    // Whoever gives the last pin back may be a commit: files are closed and removed beside it, but
    // for those of a checkpoint, whose caller finds them gone.
    private void LetGoSoon()
    {
        if (Monitor.IsEntered(_running))
        {
            LetGo();
        }
        else if (Interlocked.Exchange(ref _isLetGoDue, 1) == 0)
        {
            _workers.RunWaiting(LetGoUnlessClosed);
        }
    }

    private void LetGoUnlessClosed()
    {
        lock (_lettingGo)
        {
            Volatile.Write(ref _isLetGoDue, 0);
            if (!_isClosed)
            {
                LetGo();
            }
        }
    }

    private void LetGo()
    {
        _pipeline.Deltas.Release(_chain.OldestNumber);
        if (!Monitor.IsEntered(_writer.Gate))
        {
            // Whoever leaves a generation may hold the gate; the checkpoint looks again without it.
            _retirement.Run();
            _reclaimer.Delete(_store.LargeValues.Retire(_chain.Numbers()));
        }
    }
}
