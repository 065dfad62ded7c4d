// verify.html: one file that works from disk without a network.
import { render } from 'preact';
import { SpeechProvider, useChosenLanguage } from './speech';
import { VerifyView } from './verify_view';

function VerifyPage() {
  const speech = useChosenLanguage(location.hash === '#en' ? 'en' : 'zh', (language) => {
    document.title = `${speech.words.verify.title} · ${speech.words.product}`;
    history.replaceState(null, '', `#${language}`);
  });
  return (
    <SpeechProvider value={speech}>
      <header class="top">
        <span class="product">{speech.words.product}</span>
        <button type="button" class="quiet" lang={speech.words.theOtherLanguage} onClick={speech.other}>
          {speech.words.language}
        </button>
      </header>
      <main>
        <VerifyView />
        <p class="hint">{speech.words.verify.offline}</p>
      </main>
    </SpeechProvider>
  );
}

render(<VerifyPage />, document.body);
