namespace NeuroDb;

/// <summary>A named thread that ends when it is disposed.</summary>
internal sealed class BackgroundThread : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    /// <summary>Starts the thread. The body must return when its token is cancelled.</summary>
    public BackgroundThread(string name, Action<CancellationToken> body)
    {
        _thread = new Thread(() => body(_stop.Token)) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Asks the body to end and waits for it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread != Thread.CurrentThread)
        {
            _thread.Join();
        }

        _stop.Dispose();
    }
}
