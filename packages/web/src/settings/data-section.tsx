import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { navigate } from '../state/location.js';
import { withProofAlong } from '../state/proof.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice } from '../ui/notice.js';
import { saveText } from '../ui/save-text.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

/** To take along, and to take away. */
export function DataSection() {
  const save = useAction(async () => {
    const everything = await sealgate.profile.export();
    saveText('sealgate-export.json', JSON.stringify(everything, null, 2), 'application/json');
  });
  return (
    <>
      <Block title={t.settings.export} lead={t.settings.exportLead}>
        <ErrorNotice error={save.error.value} />
        <div class="row">
          <Button icon="download" isBusy={save.isBusy.value} onClick={() => void save.run()}>
            {t.settings.exportButton}
          </Button>
        </div>
      </Block>
      <DeleteBlock />
    </>
  );
}

function DeleteBlock() {
  const typed = useSignal('');
  const username = me.value?.user.username ?? '';
  const remove = useAction(() =>
    withProofAlong(async (proof) => {
      await sealgate.profile.delete(proof);
      me.value = null;
      navigate('/sign-in?deleted', { replace: true });
    }),
  );
  return (
    <Block title={t.settings.deleteAccount} lead={t.settings.deleteLead}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.value.trim() === username) void remove.run();
        }}
      >
        <Field
          label={t.settings.deleteCheck(username)}
          value={typed}
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          required
        />
        <ErrorNotice error={remove.error.value} />
        <div class="row">
          <Button
            type="submit"
            look="danger"
            isBusy={remove.isBusy.value}
            disabled={typed.value.trim() !== username}
          >
            {t.settings.deleteButton}
          </Button>
        </div>
      </form>
    </Block>
  );
}
